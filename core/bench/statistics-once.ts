import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { NumPack } from '../storage/numpack.ts'

/** `STORE WORKERS` computes statistics of array a, `idle WORKERS` only starts threads. Prints peak memory in bytes. */
const [store = '', workers] = process.argv.slice(2)
if (store === 'idle') {
  for (let i = 0; i < Number(workers); i++)
    await once(new Worker('setInterval(() => {}, 1000)', { eval: true }), 'online')
} else {
  using npk = NumPack.open(store, { readOnly: true })
  await npk.load('a', { lazy: true }).statistics({ workers: Number(workers), histogram: 64 })
}
// Idle threads never end by themselves.
process.stdout.write(String(process.resourceUsage().maxRSS * 1024), () => process.exit())
