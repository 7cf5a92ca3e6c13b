import { removeFolder } from '../../test-support/remove-folder.ts'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOCK_FILE } from '../../format/names.ts'
import { NumPack } from '../numpack.ts'
import { withLock } from '../../system/lock.ts'
import { killHolder, startLockHolder, tryToLock } from '../../test-support/lock-programs.ts'
import { describeUnless } from '../../test-support/test-unless.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-long-'))
})
afterEach(() => removeFolder(root))

/** Makes a store's folder whose path has so many bytes. */
function makeLong(bytes: number): string {
  let path = root
  while (path.length < bytes - 200) path += `/${'d'.repeat(99)}`
  path += `/${'s'.repeat(bytes - path.length - 5)}.npk`
  mkdirSync(path, { recursive: true })
  return path
}

/** Returns what lies in the folders of a path below `root`, the store itself left out. */
function besides(store: string): string[] {
  const found: string[] = []
  for (let at = dirname(store); at.startsWith(root); at = dirname(at)) found.push(...readdirSync(at))
  return found.filter(name => !/^(?:d+|s+\.npk)$/.test(name))
}

const LENGTHS = process.platform === 'darwin' ? [430, 500, 520, 900] : [430, 500, 520, 1500, 4000]

describeUnless(process.platform === 'win32' ? 'a path on Windows has no bytes to count' : null)(
  'a store with a path of',
  () => {
    test.for(LENGTHS.flatMap(bytes => ([0o755, 0o777] as const).map(mode => [bytes, mode] as const)))(
      '%i bytes and mode %i is written to like any other, and nothing stays beside it',
      { timeout: 60_000 },
      ([bytes, mode]) => {
        const store = makeLong(bytes)
        chmodSync(store, mode)
        NumPack.with(store, npk => {
          npk.save({ a: [1, 2, 3] })
          npk.append({ a: [4] })
          npk.drop('a', 0)
          npk.append({ a: [5] })
          npk.replace({ a: [9] }, [0])
          npk.update('a')
          npk.writableBatchMode(batch => batch.load('a').iadd(1))
        })
        NumPack.with(store, { readOnly: true }, npk => {
          expect([...npk.load('a').data]).toEqual([10, 4, 5, 6])
          expect(npk.warnings).toEqual([])
        })
        expect(besides(store)).toEqual([])
        expect(readdirSync(store).filter(name => name.startsWith(LOCK_FILE))).toEqual([LOCK_FILE])
      },
    )

    test.for([430, 520])(
      '%i bytes has one writer at a time, also after one was killed',
      { timeout: 120_000 },
      async bytes => {
        const store = makeLong(bytes)
        withLock(store, () => expect(tryToLock(store)).toBe('LOCKED'))
        expect(tryToLock(store)).toBe('locked')
        const holder = await startLockHolder(store)
        expect(tryToLock(store)).toBe('LOCKED')
        await killHolder(holder)
        expect(tryToLock(store)).toBe('locked')
        expect(besides(store)).toEqual([])
      },
    )
  },
)
