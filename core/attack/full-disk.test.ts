import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { packStore } from '../packages/pack.ts'
import { CountingControl, sha256, treeOf } from '../packages/test-support/counting-control.ts'
import { unpackFile } from '../packages/unpack.ts'
import { reportCounts } from '../test-support/attack-scale.ts'
import { NumPack } from '../storage/numpack.ts'
import { describeStore } from '../storage/test-support/model.ts'
import { mountDisk, NO_DISK } from './disks.ts'
import { LARGE_OPERATIONS, writeLargeSample } from './large-operations.ts'
import { readImage, writeImage } from './store-images.ts'

/** Free space in KiB. */
const AMOUNTS = [0, 4, 8, 16, 64, 128, 200, 240, 300, 400, 600]
const DISK = 8192

const stateOf = (path: string): string => JSON.stringify(NumPack.with(path, { readOnly: true }, describeStore))

function fill(disk: string, free: number): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'filler'), new Uint8Array(Math.max(0, bavail * bsize - free * 1024)))
}

async function workWith(disk: string, free: number, work: () => unknown): Promise<string | null> {
  fill(disk, free)
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    return error.code
  } finally {
    rmSync(join(disk, 'filler'))
  }
}

test(`a full disk makes ${Object.keys(LARGE_OPERATIONS).length} kinds of writes fail with a typed error, without changes or leftovers`, async ctx => {
  using disk = mountDisk(DISK)
  if (disk === null) return ctx.skip(NO_DISK)
  const path = join(disk.path, 'store.npk')
  writeLargeSample(path)
  const image = readImage(path)
  const old = stateOf(path)
  const counts = { refused: 0, done: 0 }
  for (const [name, operation] of Object.entries(LARGE_OPERATIONS)) {
    for (const free of AMOUNTS) {
      const where = `${name}, ${free} KiB free`
      writeImage(path, image)
      const files = readdirSync(path).sort()
      const code = await workWith(disk.path, free, () => NumPack.with(path, operation))
      if (code === null) counts.done++
      else {
        counts.refused++
        expect(['NO_SPACE', 'IO'], where).toContain(code)
        expect(stateOf(path), where).toBe(old)
        expect(readdirSync(path).sort(), where).toEqual(files)
      }
      NumPack.with(path, npk => npk.save({ afterwards: [1] }))
    }
  }
  reportCounts('full disk', counts)
  expect(counts.refused).toBeGreaterThan(counts.done / 4)
  return undefined
})

test('a full disk makes packing and unpacking fail with a typed error, with the target unchanged and no leftovers', async ctx => {
  using disk = mountDisk(DISK)
  if (disk === null) return ctx.skip(NO_DISK)
  const store = join(disk.path, 'store.npk')
  writeLargeSample(store)
  const target = join(disk.path, 'x.npkg')
  const unpacked = join(disk.path, 'x.npk')
  const pack = { source: store, target, compression: false, version: 1, overwrite: true, verify: false } as const
  await packStore(pack, new CountingControl())
  await unpackFile({ source: target, target: unpacked, overwrite: true, verify: true }, new CountingControl())
  const before = JSON.stringify([treeOf(disk.path), readdirSync(disk.path).sort()])
  const counts = { refused: 0, done: 0 }
  const works = {
    pack: async () => packStore(pack, new CountingControl()),
    unpack: async () =>
      unpackFile({ source: target, target: unpacked, overwrite: true, verify: true }, new CountingControl()),
  }
  for (const [name, work] of Object.entries(works)) {
    for (const free of AMOUNTS) {
      const code = await workWith(disk.path, free, work)
      counts[code === null ? 'done' : 'refused']++
      if (code !== null) expect(['NO_SPACE', 'IO'], `${name}, ${free} KiB`).toContain(code)
      const after = JSON.stringify([treeOf(disk.path), readdirSync(disk.path).sort()])
      expect(sha256(Buffer.from(after)), `${name}, ${free} KiB: ${code}`).toBe(sha256(Buffer.from(before)))
    }
  }
  reportCounts('full disk, packages', counts)
  expect(counts.refused).toBeGreaterThan(0)
  return undefined
})
