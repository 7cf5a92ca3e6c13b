import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomFrom } from '../oracle/random.ts'
import { scratchFolder } from '../oracle/scratch.ts'
import { attackSeed, reportCounts, scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { noStrace } from '../test-support/strace.ts'
import { contentOf, writeSample } from '../storage/test-support/operations.ts'
import { readImage, writeImage } from './store-images.ts'

/** System calls that change a disk; Node itself calls none of them before the write begins. */
const SYSTEM_CALLS = ['pwrite64', 'fsync', 'rename', 'link', 'symlink', 'unlink', 'mkdir', 'rmdir', 'ftruncate']
const FAILING_CALLS = ['1', '2', '3', '1+']
const ARRAY_OPERATIONS = [
  'save new arrays',
  'save over arrays',
  'append',
  'append to deleted rows',
  'replace',
  'drop',
  'drop several',
]
const OTHER_OPERATIONS = ['restore', 'update', 'clone', 'batch']
const CASES = [...ARRAY_OPERATIONS, ...OTHER_OPERATIONS].flatMap(operation =>
  SYSTEM_CALLS.flatMap(call => FAILING_CALLS.map(which => ({ operation, call, which }))),
)
const RUNS = Math.min(CASES.length, scaleCount(CASES.length, { min: 8 }))
const AT_ONCE = 2

test(
  `a disk that fails once or permanently (EIO, ${RUNS} cases) causes a typed error and leaves the old or the new state`,
  async ctx => {
    const reason = noStrace()
    if (reason !== null) ctx.skip(reason)
    using folder = scratchFolder()
    const path = join(folder.path, 'sample.npk')
    writeSample(path)
    const image = readImage(path)
    const counts = { done: 0, failed: 0, 'failed and done': 0 }
    const random = randomFrom(attackSeed)
    // In random order, so that a subset covers all operations.
    const left = CASES.map(each => ({ each, order: random.below(2 ** 31) }))
      .sort((a, b) => a.order - b.order)
      .slice(0, RUNS)
    let number = 0
    const work = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const { operation, call, which } = next.each
        const where = `${operation}, ${call} ${which}`
        const store = join(folder.path, `${number++}.npk`)
        writeImage(store, image)
        const old = contentOf(store)
        const outcome = await runWithErrors(store, operation, call, which)
        const state = contentOf(store)
        writeImage(store, image)
        expect(await runWithErrors(store, operation, null, ''), where).toBe('done')
        const wanted = contentOf(store)
        expect([old, wanted], `${where}: ${outcome}`).toContain(state)
        if (outcome === 'done') expect(state, where).toBe(wanted)
        else expect(outcome, where).toMatch(/^failed (IO|NO_SPACE)$/)
        if (outcome === 'done') counts.done++
        else if (state === wanted && old !== wanted) counts['failed and done']++
        else counts.failed++
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    reportCounts('input and output errors', counts)
    expect(counts.failed).toBeGreaterThan(0)
    return undefined
  },
  scaleTimeout({ minutes: 40 }),
)

async function runWithErrors(store: string, operation: string, call: string | null, which: string): Promise<string> {
  const program = [process.execPath, join(import.meta.dirname, 'one-write.ts'), store, operation]
  const inject = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:error=EIO:when=${which}`]
  const [command, ...args] = call === null ? program : ['strace', ...inject, ...program]
  const child = spawn(command!, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let output = ''
  child.stdout.on('data', text => (output += String(text)))
  await once(child, 'close')
  return output.trim()
}
