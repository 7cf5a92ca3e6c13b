import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { randomFrom } from '../oracle/random.ts'
import { scratchFolder } from '../oracle/scratch.ts'
import { attackSeed, reportCounts, scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'

/** Edits in place are not atomic (transaction.ts), but each element must be old or new. */

const KILLS = scaleCount(100, { min: 6 })
const ROWS = 200_000
const MILLISECONDS = 12

const program = (path: string): string => `
  import { NumPack } from ${JSON.stringify(new URL('../storage/numpack.ts', import.meta.url).href)}
  using npk = NumPack.open(${JSON.stringify(path)})
  for (;;) {
    console.log('begin')
    npk.writableBatchMode(batch => batch.load('a').iadd(1))
    npk.batchMode(() => {
      const count = Number(npk.load('count').data[0]) + 1
      npk.save({ b: Array.from({ length: 10 }, () => count), count: [count] })
    })
  }
`

test(
  `${KILLS} writers killed during edits and batches leave each element old or new, and each batch complete or absent`,
  async () => {
    using folder = scratchFolder()
    const path = join(folder.path, 'store.npk')
    const random = randomFrom(attackSeed)
    NumPack.with(path, npk => {
      npk.save({ a: NDArray.zeros([ROWS], 'int64'), b: NDArray.zeros([10]), count: [0] })
    })
    let mixed = 0
    for (let kill = 0; kill < KILLS; kill++) {
      await killInTheMiddle(path, 1 + random.below(4), random.below(MILLISECONDS))
      const { a, b, count } = readBack(path)
      const values = [...new Set(a)].map(Number).toSorted((x, y) => x - y)
      expect(values.length, 'different values').toBeLessThanOrEqual(2)
      // A batch follows each edit, so edits are at most one ahead; an unfinished one stays unfinished.
      expect(values.at(-1)! - values[0]!).toBeLessThanOrEqual(1)
      if (values.length === 2) mixed++
      expect([...new Set(b)]).toEqual([count])
      NumPack.with(path, npk => npk.save({ a: NDArray.zeros([ROWS], 'int64') }))
      expect(readdirSync(path).filter(file => file.endsWith('.tmp'))).toEqual([])
    }
    reportCounts('kills of edits', { kills: KILLS, mixed })
  },
  scaleTimeout({ minutes: 10 }),
)

function readBack(path: string): { a: BigInt64Array; b: Float64Array; count: number } {
  using npk = NumPack.open(path, { readOnly: true })
  expect(npk.damaged).toEqual([])
  return {
    a: npk.load('a').data as BigInt64Array,
    b: npk.load('b').data as Float64Array,
    count: Number(npk.load('count').data[0]),
  }
}

async function killInTheMiddle(path: string, begins: number, ms: number): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let begun = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'begin' && ++begun === begins) {
      await delay(ms)
      child.kill('SIGKILL')
    }
  }
  expect(await ended).toEqual([null, 'SIGKILL'])
}
