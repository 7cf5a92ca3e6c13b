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
  disk.sync = () => {}
  sample = mkdtempSync(join(tmpdir(), 'numpack-sample-'))
  writeSample(sample)
})
afterAll(() => {
  disk.sync = sync
  rmSync(sample, { recursive: true, force: true })
})

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-interrupted-'))
  path = join(root, 'sample.npk')
  cpSync(sample, path, { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  test('killed before any step, leaves the old or the new state, and the next writer nothing else', () => {
    const old = contentOf(path)
    const copies = NumPack.with(path, npk => killedAtEachStep(path, () => operation(npk)))
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

  test.each(['ENOSPC', 'EIO', 'EACCES'])('%s at any step says which file, and the store is as before', errno => {
    const old = contentOf(path)
    NumPack.with(path, operation)
    const done = contentOf(path)
    for (let failing = 0; ; failing++) {
      rmSync(path, { recursive: true })
      cpSync(sample, path, { recursive: true })
      let steps = 0
      let failed = ''
      using npk = NumPack.open(path)
      const fail = (step: Step, args: readonly unknown[]): void => {
        if (step === 'close' || step === 'removeFolder') return
        if (steps++ !== failing) return
        failed = step
        throw Object.assign(new Error(`${errno} at ${String(args[0])}`), { code: errno })
      }
      const error = watchDisk(fail, () => errorOf(() => operation(npk)))
      if (failed === '') break
      if (error === null && failed === 'unlink') continue
      const isWithoutLinks = error === null && errno === 'EACCES' && (failed === 'link' || failed === 'symlink')
      expect(isWithoutLinks ? contentOf(path) : done).toBe(done)
      if (isWithoutLinks) continue
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

  test('a folder that vanishes at any step is an error that names it, and is not made again', () => {
    const away = `${path}-away`
    const states = [contentOf(path)]
    NumPack.with(path, operation)
    states.push(contentOf(path))
    for (let vanishing = 0; ; vanishing++) {
      rmSync(path, { recursive: true })
      cpSync(sample, path, { recursive: true })
      let steps = 0
      using npk = NumPack.open(path)
      const vanish = (): void => {
        if (steps++ === vanishing) renameSync(path, away)
      }
      const error = watchDisk(vanish, () => errorOf(() => operation(npk)))
      if (steps <= vanishing) break
      expect(existsSync(path), `step ${vanishing}`).toBe(false)
      renameSync(away, path)
      const named = (error as NumPackError | null)?.details['path'] ?? path
      expect(named).toContain(path)
      expect(error === null ? states.slice(1) : states).toContain(contentOf(path))
    }
  })
})

test('the first save into a folder, killed before any step, leaves no store yet or all of it', () => {
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

test('an edit in place that fails says which file', () => {
  using npk = NumPack.open(path)
  const edit = (): void => npk.writableBatchMode(batch => void batch.load('b').iadd(1))
  expect(watchDisk(failToWrite, () => errorOf(edit))).toEqual(
    expect.objectContaining({ code: 'IO', message: expect.stringContaining('data_b.npkd') }),
  )
})

test('a folder that vanishes is an error that names it', () => {
  using npk = NumPack.open(path)
  rmSync(path, { recursive: true })
  expect(() => npk.save({ a: [1] })).toThrow(expect.objectContaining({ details: expect.objectContaining({ path }) }))
  expect(existsSync(path)).toBe(false)
})
