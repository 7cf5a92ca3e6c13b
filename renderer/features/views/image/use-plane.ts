import { useEffect, useMemo, useState } from 'react'
import { reportFailure } from '../../../model/error-message.ts'
import { useApp } from '../../../model/hooks.ts'
import { type TaskState, useTask } from '../../../model/use-task.ts'
import { type Plane, type PlaneRequest, planeOf, type ReadPlane, sampleOf } from './plane.ts'
import { canReadExtremes, readExtremes } from './read-extremes.ts'

/**
 * Reads an image, or another part of it once `rest` milliseconds have passed: see `useTask`. Until that part is there,
 * the result is the part that was read before. Where pixels stand for several elements, the first ones come first, then
 * those of `readExtremes`.
 */
export function usePlane(
  request: PlaneRequest | null,
  rest: number,
): { plane: TaskState<Plane>; cancel: () => void; restart: () => void } {
  const { task, ...actions } = useTask(request && sampleOf(request), rest)
  const [last, setLast] = useState<ReadPlane | null>(null)
  const key = JSON.stringify(request)
  const sample = useMemo(() => {
    const wanted = JSON.parse(key) as PlaneRequest | null
    const reading = task.result?.result.reading ?? null
    if (wanted === null || task.state !== 'done' || reading === null) return null
    return { plane: planeOf(wanted, reading.dtype, task.result!.bytes), request: wanted }
  }, [key, task])
  const newest = useExtremes(sample) ?? (sample !== null && keepsExtremes(last, sample) ? null : sample)
  if (newest !== null && newest !== last) setLast(newest)
  const shown = newest ?? last
  const isShown = request !== null && shown !== null && aboutOf(shown.request) === aboutOf(request)
  return { plane: { ...task, result: isShown ? shown.plane : null }, ...actions }
}

/** Reads the extremes of a sampled plane; null while they are unknown, and where there are none. */
function useExtremes(sample: ReadPlane | null): ReadPlane | null {
  const app = useApp()
  const [read, setRead] = useState<{ sample: ReadPlane; extremes: ReadPlane } | null>(null)
  useEffect(() => {
    if (sample === null || !canReadExtremes(sample.request)) return undefined
    const abort = new AbortController()
    readExtremes(app.bridge, sample, abort.signal).then(
      plane => setRead({ sample, extremes: { ...sample, plane } }),
      (error: unknown) => {
        if (!abort.signal.aborted) reportFailure(app, error)
      },
    )
    return () => abort.abort()
  }, [app, sample])
  return sample !== null && read?.sample === sample ? read.extremes : null
}

/** Whether extremes that were read before stay on screen until those of the same pixels are read again. */
const keepsExtremes = (last: ReadPlane | null, { request }: ReadPlane): boolean =>
  last !== null &&
  last.plane.chosen !== null &&
  canReadExtremes(request) &&
  aboutOf(last.request) === aboutOf(request) &&
  pixelsOf(last.request) === pixelsOf(request)

const pixelsOf = ({ index, vertical, horizontal }: PlaneRequest): string =>
  JSON.stringify([index, vertical, horizontal])

/** Identifies the image, whatever part of it is read. */
const aboutOf = ({ where: { store, array, rowSet }, axes, part }: PlaneRequest): string =>
  JSON.stringify([store, array, rowSet, axes, part])
