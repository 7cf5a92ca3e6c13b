import { useEffect, useRef, useState } from 'react'
import { reportFailure } from '../../../model/error-message.ts'
import { useApp } from '../../../model/hooks.ts'
import { canReadExtremes, readExtremes } from './read-extremes.ts'
import { type Plane, type PlaneRequest, readPlane } from './read-plane.ts'

export function usePlane(request: PlaneRequest | null, generation: number, rest: number): Plane | null {
  const app = useApp()
  const [plane, setPlane] = useState<{ plane: Plane; about: string } | null>(null)
  const wanted = useRef(request)
  useEffect(() => {
    wanted.current = request
  })
  const key = request && JSON.stringify([request, generation])
  const about = request && aboutOf(request)
  useEffect(() => {
    const asked = wanted.current
    if (key === null || asked === null) return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => {
      const about = aboutOf(asked)
      const show = (plane: Plane): void => {
        if (!abort.signal.aborted) setPlane({ plane, about })
      }
      const read = async (): Promise<void> => {
        const sample = await readPlane(app.bridge, asked, abort.signal)
        if (!canReadExtremes(asked)) return show(sample)
        // A picture of all elements stays until the next one is there.
        setPlane(known =>
          known?.about === about && isSameSampling(known.plane, sample) ? known : { plane: sample, about },
        )
        show(await readExtremes(app.bridge, asked, abort.signal))
      }
      read().catch((error: unknown) => reportFailure(app, error))
    }, rest)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [app, key, rest])
  return plane !== null && plane.about === about ? plane.plane : null
}

const isSameSampling = (a: Plane, b: Plane): boolean =>
  a.dtype === b.dtype && JSON.stringify([a.vertical, a.horizontal]) === JSON.stringify([b.vertical, b.horizontal])

/** Identifies the image, whatever part of it is read. */
const aboutOf = ({ where, axes, part }: PlaneRequest): string => JSON.stringify([where, axes, part])
