import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { disk } from '../../system/files.ts'
import { NumPack } from '../numpack.ts'
import { contentOf, OPERATIONS, writeSample } from '../test-support/operations.ts'
import { killedAtEachStep, type Step, watchDisk } from '../test-support/watch-disk.ts'

let root = ''
let sample = ''
let path = ''
const { sync } = disk

beforeAll(() => {
  // Syncing only slows these tests: what a killed process has written stays in the system's cache.
  disk.sync = () => {}
  sample = mkdtempSync(join(tmpdir(), 'numpack-sample-'))
  writeSample(sample)
})
afterAll(() => {
  disk.sync = sync
  removeFolder(sample)
})

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-interrupted-'))
  path = join(root, 'sample.npk')
  cpSync(sample, path, { recursive: true })
})

afterEach(() => removeFolder(root))

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  test('a kill before any step leaves the old or the new state, and the next writer removes the temporary files', () => {
    const old = contentOf(path)
    const copies = NumPack.with(path, npk => killedAtEachStep(path, () => operation(npk)))
    const states = [old, contentOf(path)]
    expect(copies.length).toBeGreaterThan(2)
    const fileCount = readdirSync(path).length
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
    }
    const finishedCopies = copies.filter(copy => states[0] !== states[1] && contentOf(copy) === states[1])
    for (const copy of finishedCopies) expect(readdirSync(copy), copy).toHaveLength(fileCount)
  })

  test.each(['ENOSPC', 'EIO', 'EACCES'])(
    'a step that fails with %s throws an error with the path and leaves the store as before, unless the writer can do without the step',
    errno => {
      const old = contentOf(path)
      NumPack.with(path, operation)
      const done = contentOf(path)
      for (let failingStep = 0; ; failingStep++) {
        rmSync(path, { recursive: true })
        cpSync(sample, path, { recursive: true })
        let steps = 0
        let failed = ''
        using npk = NumPack.open(path)
        const fail = (step: Step, args: readonly unknown[]): void => {
          if (step === 'close' || step === 'removeFolder') return
          if (steps++ !== failingStep) return
          failed = step
          throw Object.assign(new Error(`${errno} at ${String(args[0])}`), { code: errno })
        }
        const error = watchDisk(fail, () => errorOf(() => operation(npk)))
        if (failed === '') break
        // The next writer removes what could not be removed, and a writer that may not make links works without them.
        const isOptional = failed === 'unlink' || (errno === 'EACCES' && (failed === 'link' || failed === 'symlink'))
        const isDone = error === null && isOptional
        expect(contentOf(path), `${failed}, step ${failingStep}`).toBe(isDone ? done : old)
        if (isDone) continue
        expect(error).toBeInstanceOf(NumPackError)
        const { code, message, details } = error as NumPackError
        expect(code).toBe(errno === 'ENOSPC' ? 'NO_SPACE' : 'IO')
        expect(message).toContain(path)
        expect(String(details['path'])).toContain(path)
        expect(npk.getMemberList()).toEqual(['a', 'b', 'c'])
        expect(contentOf(path, false)).toBe(old)
      }
    },
  )

  test('a folder that vanishes at any step is not created again: the operation throws an error that names it, or is done', () => {
    const away = `${path}-away`
    const old = contentOf(path)
    NumPack.with(path, operation)
    const done = contentOf(path)
    for (let vanishingStep = 0; ; vanishingStep++) {
      rmSync(path, { recursive: true })
      cpSync(sample, path, { recursive: true })
      let steps = 0
      using npk = NumPack.open(path)
      const vanish = (): void => {
        if (steps++ === vanishingStep) renameSync(path, away)
      }
      const error = watchDisk(vanish, () => errorOf(() => operation(npk)))
      if (steps <= vanishingStep) break
      expect(existsSync(path), `step ${vanishingStep}`).toBe(false)
      renameSync(away, path)
      expect(error).toBeOneOf([
        null,
        expect.objectContaining({ details: expect.objectContaining({ path: expect.stringContaining(path) }) }),
      ])
      expect(error === null ? [done] : [old, done]).toContain(contentOf(path))
    }
  })
})

test('a kill before any step of the first save leaves no array or all of them', () => {
  rmSync(path, { recursive: true })
  const copies = NumPack.with(path, npk => killedAtEachStep(path, () => npk.save({ a: [1, 2], b: [[3]] })))
  const saved = contentOf(path)
  const contents = copies.map(copy => contentOf(copy, false))
  expect(new Set(contents)).toEqual(new Set(['[]', saved]))
  for (const copy of copies) {
    using npk = NumPack.open(copy)
    npk.save({ a: [1, 2], b: [[3]] })
    expect(contentOf(copy)).toBe(saved)
    expect(readdirSync(copy)).toHaveLength(readdirSync(path).length)
  }
})

function errorOf(work: () => void): unknown {
  try {
    work()
    return null
  } catch (error) {
    return error
  }
}

function failToWrite(step: Step): void {
  if (step === 'write') throw Object.assign(new Error('EIO'), { code: 'EIO' })
}

test('the error of a failed edit in place names the data file', () => {
  using npk = NumPack.open(path)
  const edit = (): void => npk.writableBatchMode(batch => void batch.load('b').iadd(1))
  expect(watchDisk(failToWrite, () => errorOf(edit))).toEqual(
    expect.objectContaining({ code: 'IO', message: expect.stringContaining('data_b.npkd') }),
  )
})

test('save throws an error that names the folder if it vanished after the store was opened', () => {
  using npk = NumPack.open(path)
  rmSync(path, { recursive: true })
  expect(() => npk.save({ a: [1] })).toThrow(expect.objectContaining({ details: expect.objectContaining({ path }) }))
  expect(existsSync(path)).toBe(false)
})
