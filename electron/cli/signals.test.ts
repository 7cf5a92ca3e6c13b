import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, realpathSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pack } from '../../core/packages/index.ts'
import { NDArray } from '../../core/array/ndarray.ts'
import { NumPack } from '../../core/storage/numpack.ts'
import { attackSeed, reportCounts, scaleCount, scaleTimeout } from '../../core/test-support/attack-scale.ts'

const CLI = join(import.meta.dirname, '../cli.mjs')
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const COMMANDS = ['pack', 'unpack', 'verify'] as const
const ROUNDS = scaleCount(10)
const MILLISECONDS = 120
const BYTES = 48 * 2 ** 20

let folder: string

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'numpack-signals-')))
  const noise = new Uint8Array(BYTES)
  let state = attackSeed
  for (let i = 0; i < BYTES; i++) noise[i] = (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16
  NumPack.with(join(folder, 'data.npk'), npk => npk.save({ a: NDArray.from(noise) }))
  await pack(join(folder, 'data.npk'), join(folder, 'whole.npkg'))
  writeFileSync(join(folder, 'old.npkg'), 'what was there before')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ARGUMENTS: Readonly<Record<(typeof COMMANDS)[number], string[]>> = {
  pack: ['pack', 'data.npk', 'new.npkg'],
  unpack: ['unpack', 'whole.npkg', 'new.npk'],
  verify: ['verify', 'whole.npkg'],
}

test(
  `${ROUNDS * 9} commands ended by a signal in the middle of their work leave nothing behind and end at once`,
  async () => {
    const before = readdirSync(folder).sort()
    const counts = { ended: 0, finished: 0, slowestMs: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      for (const signal of SIGNALS) {
        for (const command of COMMANDS) {
          const { isFinished, ms } = await endInTheMiddle(ARGUMENTS[command], signal, (round * 37) % MILLISECONDS)
          counts[isFinished ? 'finished' : 'ended']++
          counts.slowestMs = Math.max(counts.slowestMs, ms)
          for (const name of ['new.npkg', 'new.npk']) {
            if (isFinished) rmSync(join(folder, name), { recursive: true, force: true })
          }
          expect(readdirSync(folder).sort(), `${command}, ${signal}`).toEqual(before)
        }
      }
    }
    reportCounts('signals', counts)
    expect(counts.ended).toBeGreaterThan(0)
  },
  scaleTimeout({ minutes: 10 }),
)

async function endInTheMiddle(
  args: readonly string[],
  signal: NodeJS.Signals,
  ms: number,
): Promise<{ isFinished: boolean; ms: number }> {
  const watcher = watch(folder)
  const made = once(watcher, 'change')
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: 'ignore' })
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  await Promise.race([args[0] === 'verify' ? delay(200) : made, ended])
  await Promise.race([delay(ms), ended])
  const asked = performance.now()
  child.kill(signal)
  const [status] = await ended
  watcher.close()
  return { isFinished: status === 0, ms: Math.round(performance.now() - asked) }
}
