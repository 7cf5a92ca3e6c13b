import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, mkdtempSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../storage/read/store.ts'
import { arrayFiles } from './array-files.ts'
import { NO_LINKS } from '../../test-support/missing.ts'

const STORES = join(import.meta.dirname, '../../fixtures/stores')

let folder: string

beforeEach(() => {
  folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'array-files-'))), 'store.npk')
})

afterEach(() => removeFolder(join(folder, '..')))

const copyOf = (name: string): void => cpSync(join(STORES, name), folder, { recursive: true })

const listed = (array: string): Record<string, number | null> => {
  const store = openStore(folder, { readOnly: true })
  try {
    return Object.fromEntries(arrayFiles(store, array).map(({ name, sizeBytes }) => [name, sizeBytes]))
  } finally {
    store.close()
  }
}

const onDisk = (...names: string[]): Record<string, number> =>
  Object.fromEntries(names.map(name => [name, statSync(join(folder, name)).size]))

test('data and bitmap, with their sizes', () => {
  copyOf('deleted.npk')
  expect(listed('random')).toEqual(onDisk('data_random.npkd', 'deleted_random.npkb'))
  expect(listed('none')).toEqual(onDisk('data_none.npkd'))
})

test('a list of segments, then the segments', () => {
  copyOf('segmented.npk')
  const segments = [0, 1, 2, 3].map(number => `data_big_segments/seg_00000${number}.npkd`)
  expect(Object.keys(listed('big'))).toEqual(['data_big.npkseg', ...segments, 'deleted_big.npkb'])
  expect(listed('big')).toEqual(onDisk('data_big.npkseg', ...segments, 'deleted_big.npkb'))
  renameSync(join(folder, segments[2]!), join(folder, 'elsewhere'))
  expect(listed('big')).toMatchObject({ ...onDisk('data_big.npkseg', segments[1]!), [segments[2]!]: null })
})

test('of a data file that is missing or leads out of the store there is no size', () => {
  copyOf('deleted.npk')
  rmSync(join(folder, 'data_random.npkd'))
  expect(listed('random')).toMatchObject({ 'data_random.npkd': null })
  const secret = join(folder, '..', 'secret')
  writeFileSync(secret, 'secret')
  if (NO_LINKS !== null) return
  symlinkSync(secret, join(folder, 'data_random.npkd'))
  expect(listed('random')).toMatchObject({ 'data_random.npkd': null })
})

test('an array that is not there', () => {
  copyOf('deleted.npk')
  expect(() => listed('nothing')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
})
