import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './command.ts'
import { atMost, type Bench, type Figure } from './harness.ts'
import { makeStore } from './stores.ts'

/** 2 GB of float32. */
const ROWS = 5_000_000
const COLUMNS = 100

export function writingMemory({ folder }: Bench): Figure[] {
  const store = makeStore(folder, 'writing-memory.npk', [
    { name: 'x', dtype: 'float32', shape: [ROWS, COLUMNS], filled: false, holes: false },
  ])
  const program = fileURLToPath(new URL('writing-once.ts', import.meta.url))
  const once = (...args: string[]): unknown => JSON.parse(run(process.execPath, program, ...args))
  const figures = (once() as string[]).map((operation): Figure => {
    const mebibytes = (once(operation, store) as number) / 2 ** 20
    return {
      what: `memory on 2 GB: ${operation}`,
      value: `${mebibytes.toFixed(0)} MiB`,
      beside: '',
      measured: mebibytes,
      goal: atMost(100, 'MiB'),
    }
  })
  rmSync(store, { recursive: true })
  return figures
}
