import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { disk } from '../files.ts'
import { NumPack } from '../numpack.ts'
import { contentOf, OPERATIONS, writeSample } from './operations.ts'

let root = ''
let path = ''
/** Nothing here ends the machine's power: syncing is a step like the others that takes no time. */
const original = { ...disk, sync: () => {} }
const real = { ...disk }
type Step = keyof typeof disk

beforeEach(() => {
  Object.assign(disk, original)
  root = mkdtempSync(join(tmpdir(), 'numpack-interrupted-'))
  path = join(root, 'sample.npk')
  writeSample(path)
})

afterEach(() => {
  Object.assign(disk, real)
  rmSync(root, { recursive: true, force: true })
})

/** Calls `before` at each step that changes the disk; each write takes only half of what it is given. */
function watchDisk(before: (step: Step, args: readonly unknown[]) => void): void {
  for (const step of Object.keys(original) as Step[]) {
    const doStep = original[step] as (...args: unknown[]) => unknown
    Object.assign(disk, {
      [step]: (...args: unknown[]) => {
        before(step, args)
        if (step === 'write') args[3] = Math.max(1, (args[3] as number) >> 1)
        return doStep(...args)
      },
    })
  }
}

/** Runs an operation and keeps a copy of the store from before each step, as a killed process would leave it. */
function killedAtEachStep(operation: (npk: NumPack) => void): string[] {
  const copies: string[] = []
  using npk = NumPack.open(path)
  watchDisk(() => {
    const copy = join(root, `killed-${copies.length}.npk`)
    cpSync(path, copy, { recursive: true, verbatimSymlinks: true })
    copies.push(copy)
  })
  operation(npk)
  Object.assign(disk, original)
  return copies
}

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  test('killed before any step, leaves the old or the new state, and the next writer nothing else', () => {
    const old = contentOf(path)
    const copies = killedAtEachStep(operation)
    const states = [old, contentOf(path)]
    expect(copies.length).toBeGreaterThan(2)
    const files = readdirSync(path).sort()
    for (const copy of copies) {
      const read = contentOf(copy)
      expect(states, copy).toContain(read)
      expect(contentOf(copy, false), 'opened for writing').toBe(read)
      using npk = NumPack.open(copy)
      npk.save({ after: [1] })
      expect(readdirSync(copy).filter(file => file.endsWith('.tmp'))).toEqual([])
      expect(npk.warnings.filter(warning => !/rest of an interrupted append/.test(warning))).toEqual([])
      npk.remove('after')
      expect(contentOf(copy)).toBe(read)
      const isDone = read === states[1] && states[0] !== states[1]
      expect(readdirSync(copy)).toHaveLength(isDone ? files.length : readdirSync(copy).length)
    }
  })

  test('a step that fails says which file, and the store is as before', () => {
    const old = contentOf(path)
    for (let failing = 0; ; failing++) {
      const errno = ['ENOSPC', 'EIO', 'EACCES'][failing % 3] as string
      rmSync(path, { recursive: true })
      writeSample(path)
      let steps = 0
      let failed = ''
      using npk = NumPack.open(path)
      watchDisk((step, args) => {
        // Closing a file and removing what is not needed any more don't fail the operation.
        if (step === 'close' || step === 'removeFolder') return
        if (steps++ !== failing) return
        failed = step
        throw Object.assign(new Error(`${errno} at ${String(args[0])}`), { code: errno })
      })
      let error: unknown = null
      try {
        operation(npk)
      } catch (thrown) {
        error = thrown
      }
      Object.assign(disk, original)
      if (failed === '') break
      // Only what comes after the operation is done may fail without a word: removing what is not needed any more.
      if (error === null && failed === 'unlink') continue
      expect(error).toBeInstanceOf(NumPackError)
      const { code, message, details } = error as NumPackError
      expect(code).toBe(errno === 'ENOSPC' ? 'NO_SPACE' : 'IO')
      expect(message).toContain(path)
      expect(String(details['path'])).toContain(path)
      expect(contentOf(path), `${failed}, step ${failing}`).toBe(old)
      expect(npk.getMemberList()).toEqual(['a', 'b', 'c'])
      expect(contentOf(path, false)).toBe(old)
    }
  })
})

test('a folder that vanishes is an error that names it', () => {
  using npk = NumPack.open(path)
  rmSync(path, { recursive: true })
  expect(() => npk.save({ a: [1] })).toThrow(expect.objectContaining({ details: expect.objectContaining({ path }) }))
  expect(existsSync(path)).toBe(false)
})
