import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { disk } from '../../system/files.ts'
import { NumPack } from '../numpack.ts'
import { contentOf, OPERATIONS, writeSample } from '../test-support/operations.ts'
import { type Step, watchDisk } from '../test-support/watch-disk.ts'
import { NO_FOLDER_SYNC } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'
import { STRIDE } from '../../test-support/stride.ts'

let sample = ''
let root = ''
let path = ''
const { sync } = disk

beforeAll(() => {
  disk.sync = () => {}
  sample = mkdtempSync(join(tmpdir(), 'numpack-sample-'))
  writeSample(sample)
})
afterAll(() => {
  disk.sync = sync
  removeFolder(sample)
})
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-honest-'))
  path = join(root, 'sample.npk')
})
afterEach(() => removeFolder(root))

const FAILING: readonly (readonly Step[])[] = [
  ['sync'],
  ['rename'],
  ['write'],
  ['unlink', 'removeFolder'],
  ['open', 'symlink', 'link', 'makeFolder'],
  ['sync', 'rename', 'write', 'unlink', 'removeFolder', 'open', 'symlink', 'link', 'makeFolder', 'truncate'],
]

describe.each(Object.entries(OPERATIONS))('%s', (_name, operation) => {
  test.each(FAILING.map(steps => [steps.join(', '), steps] as const))(
    'on a disk on which from some moment on every %s fails, is not done when it says so, or says that it may be',
    (_steps, failing) => {
      cpSync(sample, path, { recursive: true })
      const seen = new Set([contentOf(path)])
      for (let first = 0; ; first += STRIDE) {
        rmSync(path, { recursive: true })
        cpSync(sample, path, { recursive: true })
        let steps = 0
        let error: unknown = null
        using npk = NumPack.open(path)
        watchDisk(
          step => {
            if (!failing.includes(step) || steps++ < first) return
            throw Object.assign(new Error('EIO'), { code: 'EIO' })
          },
          () => {
            try {
              operation(npk)
            } catch (thrown) {
              error = thrown
            }
          },
        )
        if (steps <= first) break
        if (error === null) continue
        if (!(error instanceof NumPackError)) throw error
        if (error.details['mayBeDone'] === true && error.message.includes('may be done all the same')) continue
        seen.add(contentOf(path))
        seen.add(contentOf(path, false))
      }
      expect(seen.size).toBe(1)
    },
  )
})

testUnless(NO_FOLDER_SYNC)('append on a disk that syncs nothing any more is taken back', () => {
  cpSync(sample, path, { recursive: true })
  const old = contentOf(path)
  using npk = NumPack.open(path)
  let renamed = false
  watchDisk(
    step => {
      renamed ||= step === 'rename'
      if (renamed && step === 'sync') throw Object.assign(new Error('EIO'), { code: 'EIO' })
    },
    () => expect(() => npk.append({ b: [4] })).toThrow(expect.objectContaining({ code: 'IO' })),
  )
  expect(contentOf(path)).toBe(old)
})

test('drop of several arrays on a disk that renames nothing any more is taken back', () => {
  cpSync(sample, path, { recursive: true })
  const old = contentOf(path)
  using npk = NumPack.open(path)
  watchDisk(
    step => {
      if (step === 'rename') throw Object.assign(new Error('EIO'), { code: 'EIO' })
    },
    () => expect(() => npk.drop(['a', 'b', 'c'])).toThrow(expect.objectContaining({ code: 'IO' })),
  )
  expect(contentOf(path)).toBe(old)
})

const failOnRows = (step: Step, args: readonly unknown[]): void => {
  if (step === 'open' && /data_a\.npkd/.test(String(args[0]))) throw Object.assign(new Error('EIO'), { code: 'EIO' })
}

describe('an array of which replaced rows can neither be written nor taken back', () => {
  beforeEach(() => {
    NumPack.with(path, npk => npk.save({ a: [1, 2, 3], b: [1] }))
    using npk = NumPack.open(path)
    // Those of the write log: its own, and that of its folder.
    let syncs = NO_FOLDER_SYNC === null ? 2 : 1
    watchDisk(
      step => {
        if (step === 'sync' && syncs-- <= 0) throw Object.assign(new Error('EIO'), { code: 'EIO' })
      },
      () => {
        try {
          npk.replace({ a: [7] }, [0])
        } catch (error) {
          if ((error as NumPackError).details['mayBeDone'] !== true) throw error
        }
      },
    )
  })

  test('is named, with what to do, by the error of any other operation', () => {
    watchDisk(failOnRows, () => {
      using npk = NumPack.open(path)
      const message = expect.stringMatching(/data_a.*array 'a'.*give the array up and remove 'a'/s) as string
      for (const operation of [
        () => npk.save({ c: [1] }),
        () => npk.save({ a: [5] }),
        () => npk.drop('b', 0),
        () => npk.append({ a: [1] }),
      ]) {
        expect(operation).toThrow(expect.objectContaining({ code: 'IO', message }))
      }
    })
    expect(NumPack.with(path, npk => npk.load('a').toList())).toEqual([7, 2, 3])
  })

  test.each<[string, (npk: NumPack) => void, string[]]>([
    ['removed', npk => npk.remove('a'), ['b']],
    ['removed with all others', npk => npk.reset(), []],
  ])('can be %s, and the store can be written to again', (_how, operation, left) => {
    watchDisk(failOnRows, () => {
      using npk = NumPack.open(path)
      operation(npk)
      npk.save({ c: [1] })
      expect(npk.getMemberList()).toEqual([...left, 'c'])
    })
  })
})
