import { useMemo, useState } from 'react'
import { type TaskState, useTask } from '../../../model/use-task.ts'
import { type Plane, type PlaneRequest, planeOf, sampleOf } from './plane.ts'

/**
 * Reads an image, or another part of it once `rest` milliseconds have passed: see `useTask`. Until that part is there,
 * the result is the part that was read before.
 */
export function usePlane(
  request: PlaneRequest | null,
  rest: number,
): { plane: TaskState<Plane>; cancel: () => void; restart: () => void } {
  const { task, ...actions } = useTask(request && sampleOf(request), rest)
  const [last, setLast] = useState<{ plane: Plane; about: string } | null>(null)
  const key = JSON.stringify(request)
  const read = useMemo(() => {
    const wanted = JSON.parse(key) as PlaneRequest | null
    const reading = task.result?.result.reading ?? null
    if (wanted === null || task.state !== 'done' || reading === null) return null
    return { plane: planeOf(wanted, reading.dtype, task.result!.bytes), about: aboutOf(wanted) }
  }, [key, task])
  if (read !== null && read !== last) setLast(read)
  const shown = read ?? last
  const plane = request !== null && shown?.about === aboutOf(request) ? shown.plane : null
  return { plane: { ...task, result: plane }, ...actions }
}

/** Identifies the image, whatever part of it is read. */
const aboutOf = ({ where: { store, array, rowSet }, axes, part }: PlaneRequest): string =>
  JSON.stringify([store, array, rowSet, axes, part])
