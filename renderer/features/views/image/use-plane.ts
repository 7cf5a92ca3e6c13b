import { useEffect, useRef, useState } from 'react'
import { reportFailure } from '../../../model/error-message.ts'
import { useApp } from '../../../model/hooks.ts'
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
      readPlane(app.bridge, asked, abort.signal).then(
        plane => abort.signal.aborted || setPlane({ plane, about: aboutOf(asked) }),
        (error: unknown) => reportFailure(app, error),
      )
    }, rest)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [app, key, rest])
  return plane !== null && plane.about === about ? plane.plane : null
}

/** Identifies the image, whatever part of it is read. */
const aboutOf = ({ where, axes, part }: PlaneRequest): string => JSON.stringify([where, axes, part])
