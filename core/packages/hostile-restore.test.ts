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

/** A fellow writer exchanges folders of the store that a package is restored over, for links to another store. */

const SEGMENTS = 'data_x_segments'

/**
 * Replaces a store once for each step of that, with `exchange` called before the step. What it exchanges leads to a
 * private store, of which nothing may change.
 */
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
    for (const name of ['target.npk', 'from', 'away']) rmSync(folder.file(name), { recursive: true, force: true })
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
