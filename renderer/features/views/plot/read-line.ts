import type { Params } from '../../../../core/explorer/contract/types.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import type { Bridge } from '../../../bridge/bridge.ts'
import { type Buckets, bucketWidth, emptyBuckets, mergeInto } from './line-data.ts'

/** Enough that a line looks the same as with every value on any screen. */
const MOST_BUCKETS = 2048

export interface LinesRequest extends Omit<Params<'readSeries'>, 'bucket'> {
  dtype: DType
}

export interface LinesRead {
  buckets: Buckets[]
  size: number
  done: number
  total: number
  generation: number
}

/**
 * Reads lines in pieces, so that the first rows come soon, and calls back after each piece with the same growing
 * arrays. Rejects with a BridgeError; `ABORTED` after the signal.
 */
export async function readLines(
  bridge: Bridge,
  { dtype, ...request }: LinesRequest,
  signal: AbortSignal,
  onRead: (read: LinesRead) => void,
): Promise<void> {
  const [start, stop] = request.range
  const bucket = bucketWidth(request.range, MOST_BUCKETS)
  const buckets = request.lines.map(() => emptyBuckets(dtype, bucket, request.range))
  let position = start
  do {
    const params = { ...request, range: [position, stop] as [number, number], bucket }
    const { result, bytes } = await bridge.request('readSeries', params, { signal })
    const fields = new Float64Array(bytes)
    const perLine = fields.length / request.lines.length
    for (const [i, line] of buckets.entries())
      mergeInto(line, dtype, result.firstBucket, fields.subarray(i * perLine, (i + 1) * perLine))
    const end = Math.min(stop, result.size)
    position = result.range[1]
    onRead({ buckets, size: result.size, done: position - start, total: end - start, generation: result.generation })
    if (position >= end) return
  } while (position < stop)
}
