import { removeFolder } from '../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { METADATA_FILE } from '../format/names.ts'
import { NumPack } from '../storage/numpack.ts'
import { type Step, watchDisk } from '../storage/test-support/watch-disk.ts'
import { HeldFolder } from '../system/held-folder.ts'
import { replaceStore } from './replace-store.ts'
import { scratch, treeOf } from './test-support/counting-control.ts'

const SEGMENTS = 'data_x_segments'

/** Replaces a store once for each step, with `exchange` before that step. A private store must not change. */
function exchangedAtEachStep(exchange: (target: string, own: string, away: string) => void): number {
  using folder = scratch()
  const [original, own, made] = ['original.npk', 'private.npk', 'made'].map(folder.file) as [string, string, string]
  for (const store of [original, own]) {
    NumPack.with(store, npk => npk.save({ a: [1, 2, 3], b: [4] }))
    NumPack.with(store, npk => npk.drop('a', [0]))
    mkdirSync(join(store, SEGMENTS))
    for (const i of [0, 1]) writeFileSync(join(store, SEGMENTS, `seg_${i}.npkd`), 'precious')
  }
  NumPack.with(made, npk => npk.save({ a: [666] }))
  const before = treeOf(own)
  for (let at = 0; ; at++) {
    const target = folder.file('target.npk')
    const from = folder.file('from')
    cpSync(original, target, { recursive: true })
    cpSync(made, from, { recursive: true })
    let steps = 0
    const beforeStep = (step: Step): void => {
      if (step !== 'close' && steps++ === at) exchange(target, own, folder.file('away'))
    }
    watchDisk(beforeStep, () => {
      using held = HeldFolder.open(dirname(target), basename(target))
      using source = HeldFolder.open(dirname(from), basename(from))
      try {
        replaceStore(held!, source!, [METADATA_FILE, 'data_a.npkd'])
      } catch (error) {
        if (!(error instanceof NumPackError)) throw error
      }
    })
    expect(treeOf(own), `step ${at}`).toEqual(before)
    for (const name of ['target.npk', 'from', 'away']) removeFolder(folder.file(name))
    if (steps <= at) return at
  }
}

test.runIf(process.platform === 'linux')(
  'a store that is exchanged for a link to another one at any step of a restore leaves the other one as it is',
  () => {
    const steps = exchangedAtEachStep((target, own, away) => {
      renameSync(target, away)
      symlinkSync(own, target)
    })
    expect(steps).toBeGreaterThan(10)
  },
)

test.runIf(process.platform === 'linux')(
  'segments of another store stay when the folder of segments is exchanged for a link at any step of a restore',
  () => {
    const steps = exchangedAtEachStep((target, own, away) => {
      try {
        renameSync(join(target, SEGMENTS), away)
      } catch {
        // It is removed by now.
        return
      }
      symlinkSync(join(own, SEGMENTS), join(target, SEGMENTS))
    })
    expect(steps).toBeGreaterThan(10)
  },
)

const restoring = (target: string, from: string, names: readonly string[]): string => `
  import { basename, dirname } from 'node:path'
  import { HeldFolder } from ${moduleOf('../system/held-folder.ts')}
  import { disk } from ${moduleOf('../system/files.ts')}
  import { replaceStore } from ${moduleOf('./replace-store.ts')}
  disk.link = () => {
    throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' })
  }
  const held = path => HeldFolder.open(dirname(path), basename(path))
  try {
    replaceStore(held(${JSON.stringify(target)}), held(${JSON.stringify(from)}), ${JSON.stringify(names)})
    console.log('done')
  } catch (error) {
    console.log(error.code)
  }
`

const moduleOf = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)

const notFollowed: Record<string, { put: (path: string, secret: string) => void; code: string }> = {
  'a link': { put: (path, secret) => symlinkSync(secret, path), code: 'PATH_ESCAPE' },
  'a pipe': { put: path => spawnSync('mkfifo', [path]), code: 'DAMAGED' },
  nothing: { put: () => {}, code: 'NOT_FOUND' },
}

test
  .runIf(process.platform !== 'win32')
  .each(
    Object.entries(notFollowed).flatMap(([what, each]) =>
      ['deleted_a.npkb', METADATA_FILE].map(file => ({ what, file, ...each })),
    ),
  )(
  '$what in the place of $file of an unpacked store is neither read nor waited for, and leaves the old store',
  ({ file, put, code }) => {
    using folder = scratch()
    const [target, from, secret] = ['target.npk', 'from', 'secret'].map(folder.file) as [string, string, string]
    NumPack.with(target, npk => npk.save({ a: [1, 2], old: [3] }))
    NumPack.with(from, npk => npk.save({ a: [4, 5, 6] }))
    NumPack.with(from, npk => npk.drop('a', [0]))
    rmSync(join(from, '.numpack.lock'), { force: true })
    writeFileSync(secret, 'precious')
    rmSync(join(from, file))
    put(join(from, file), secret)
    const before = treeOf(target)
    const program = restoring(target, from, [METADATA_FILE, 'data_a.npkd', 'deleted_a.npkb'])
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect([stdout, stderr]).toEqual([`${code}\n`, ''])
    expect(treeOf(target)).toEqual(before)
  },
)

const noLinks = (step: Step): void => {
  if (step === 'symlink') throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' })
}

test('a restore that fails on a disk without links leaves the old store alone, and no copy of the new one', () => {
  using folder = scratch()
  const [target, from] = ['target.npk', 'from'].map(folder.file) as [string, string]
  NumPack.with(target, npk => npk.save({ a: [1, 2], old: [3] }))
  NumPack.with(from, npk => npk.save({ a: [4, 5, 6], b: [7] }))
  NumPack.with(from, npk => npk.drop('a', [0]))
  rmSync(join(from, 'data_b.npkd'))
  const before = treeOf(target)
  using over = HeldFolder.open(dirname(target), basename(target))
  using unpacked = HeldFolder.open(dirname(from), basename(from))
  const names = [METADATA_FILE, 'data_a.npkd', 'data_b.npkd', 'deleted_a.npkb']
  expect(() => watchDisk(noLinks, () => replaceStore(over!, unpacked!, names))).toThrow(NumPackError)
  expect(treeOf(target)).toEqual(before)
})
