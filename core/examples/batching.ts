import { NDArray, NumPack } from 'numpack'
import { run } from './run.ts'
import { normal } from './samples.ts'

/**
 * The result of a call is on the disk when it returns, which takes milliseconds. Combine small changes: append
 * collected rows once, pass several arrays to one call, or use `batchMode`, which writes once or nothing.
 */
export function batching(folder: string): Record<string, readonly number[]> {
  using npk = NumPack.open(`${folder}/log.npk`)
  npk.save({ events: NDArray.zeros([0, 3], 'float32'), times: NDArray.zeros([0], 'int64') })

  const events: number[][] = []
  const times: bigint[] = []
  for (let i = 0; i < 1000; i++) {
    events.push([i, Math.sin(i), Math.cos(i)])
    times.push(BigInt(1_700_000_000 + i))
  }
  npk.append({ events, times })

  npk.batchMode(batch => {
    batch.save({ weights: normal(10, 4) })
    for (let step = 1; step <= 20; step++) {
      const weights = batch.load('weights')
      weights.set([step % 10, ':'], step)
      batch.save({ weights })
    }
    batch.drop(['events', 'times'], ':10')
  })
  return npk.getShape()
}

if (import.meta.main) run(batching)
