import { removeFolder } from '../test-support/remove-folder.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, realpathSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pack } from '../packages/index.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { attackSeed, reportCounts, scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'

const CLI = join(import.meta.dirname, 'numpack.mjs')
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const COMMANDS = ['pack', 'unpack', 'verify'] as const
const ROUNDS = scaleCount(10)
/** `verify` writes nothing that would show that it has begun. */
const VERIFY_START_MS = 200
const LATEST_SIGNAL_MS = 120
const ARRAY_BYTES = 48 * 2 ** 20

let folder: string

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'numpack-signals-')))
  const noise = new Uint8Array(ARRAY_BYTES)
  let state = attackSeed
  for (let i = 0; i < ARRAY_BYTES; i++) noise[i] = (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16
  NumPack.with(join(folder, 'data.npk'), npk => npk.save({ a: NDArray.from(noise) }))
  await pack(join(folder, 'data.npk'), join(folder, 'whole.npkg'))
  writeFileSync(join(folder, 'old.npkg'), 'what was there before')
})

afterEach(() => removeFolder(folder))

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
          const { isFinished, ms } = await endInTheMiddle(ARGUMENTS[command], signal, (round * 37) % LATEST_SIGNAL_MS)
          counts[isFinished ? 'finished' : 'ended']++
          counts.slowestMs = Math.max(counts.slowestMs, ms)
          for (const name of ['new.npkg', 'new.npk']) {
            if (isFinished) removeFolder(join(folder, name))
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

/** Sends a signal `delayMs` after a command has begun to write or, for verify, has had time to start. */
async function endInTheMiddle(
  args: readonly string[],
  signal: NodeJS.Signals,
  delayMs: number,
): Promise<{ isFinished: boolean; ms: number }> {
  const watcher = watch(folder)
  const wrote = once(watcher, 'change')
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: 'ignore' })
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  await Promise.race([args[0] === 'verify' ? delay(VERIFY_START_MS) : wrote, ended])
  await Promise.race([delay(delayMs), ended])
  const sent = performance.now()
  child.kill(signal)
  const [status] = await ended
  watcher.close()
  return { isFinished: status === 0, ms: Math.round(performance.now() - sent) }
}
