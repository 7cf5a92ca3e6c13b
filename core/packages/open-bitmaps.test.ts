import { writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { encodeBitmap } from '../format/bitmap.ts'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader } from '../format/npkg.ts'
import { NumPack } from '../storage/numpack.ts'
import { openPackedStore } from './opened-package.ts'
import { scratch } from './test-support/counting-control.ts'

/** A bitmap of this many rows has 816 bytes: the limits allow one in a package, and two in all packages. */
const ROWS = 6400

vi.mock(import('../format/limits.ts'), async original => {
  const { LIMITS } = await original()
  const small = { ...LIMITS, bitmapBytes: 1024, openBitmapBytes: 2048 } as unknown as typeof LIMITS
  return { LIMITS: small }
})

function writePackage(path: string, names: readonly string[], isBroken = false): string {
  const records = names.map(name => ({
    name,
    shape: [ROWS, 0],
    dtype: 'bool' as const,
    dataFile: `data_${name}.npkd`,
    lastModified: 0,
    sizeBytes: 0,
  }))
  const entries = names.flatMap((name): [string, Uint8Array][] => [
    [`data_${name}.npkd`, new Uint8Array(0)],
    [`deleted_${name}.npkb`, encodeBitmap(ROWS, () => false)],
  ])
  entries.push(['metadata.npkm', encodeMetadata(records)])
  const broken = Uint8Array.of(1, 2, 3, 4)
  const parts = entries.flatMap(([name, bytes]) =>
    isBroken && name.startsWith('deleted_')
      ? [encodeEntryHeader(name, bytes.length, broken.length), broken]
      : [encodeEntryHeader(name, bytes.length, 0), bytes],
  )
  writeFileSync(path, Buffer.concat([encodePackageHeader(1, 0, entries.length), ...parts, encodePackageFooter(0)]))
  return path
}

test('bitmaps of a package are read up to a limit for all of them together', async () => {
  using folder = scratch()
  using opened = await openPackedStore(writePackage(folder.file('x.npkg'), ['a', 'b']))
  expect(opened.damaged).toEqual([{ name: 'b', reason: expect.stringContaining('1024 bytes at most') as string }])
})

test('bitmaps of all open packages are read up to a limit for all of them together, opened at a time or not', async () => {
  using folder = scratch()
  const paths = ['x', 'y', 'z'].map(name => writePackage(folder.file(`${name}.npkg`), ['a']))
  const [x, y, z] = await Promise.all(paths.map(async path => openPackedStore(path)))
  const tooMuch = [{ name: 'a', reason: expect.stringContaining('2048 bytes at most') as string }]
  expect([x, y, z].map(opened => opened!.damaged).sort((a, b) => a.length - b.length)).toEqual([[], [], tooMuch])
  const open = async (): Promise<unknown> => {
    using opened = await openPackedStore(paths[0]!)
    return opened.damaged
  }
  expect(await open()).toEqual(tooMuch)
  x!.close()
  x!.close()
  y!.close()
  z!.close()
  expect(await open()).toEqual([])
  expect(await open()).toEqual([])
})

test('bitmaps of open stores and packages are read up to one limit for all of them together', async () => {
  using folder = scratch()
  const path = folder.file('s.npk')
  NumPack.with(path, npk => {
    npk.save({ a: new Uint8Array(ROWS), b: new Uint8Array(ROWS) })
    npk.drop('a', [0])
  })
  using store = NumPack.open(path, { readOnly: true })
  expect(store.damaged).toEqual([])
  using first = await openPackedStore(writePackage(folder.file('x.npkg'), ['a']))
  using second = await openPackedStore(writePackage(folder.file('y.npkg'), ['a']))
  const reason = expect.stringContaining('of all open stores and packages take 2048 bytes at most') as string
  expect([first.damaged, second.damaged]).toEqual([[], [{ name: 'a', reason }]])
  NumPack.with(path, { readOnly: true }, npk => {
    expect(npk.damaged).toEqual([{ name: 'a', reason }])
    first.close()
  })
  expect(NumPack.with(path, { readOnly: true }, npk => npk.damaged)).toEqual([])
})

test('a package that can not be opened holds nothing', async () => {
  using folder = scratch()
  const broken = writePackage(folder.file('broken.npkg'), ['a'], true)
  for (let i = 0; i < 5; i++) await expect(openPackedStore(broken)).rejects.toMatchObject({ code: 'DAMAGED' })
  using opened = await openPackedStore(writePackage(folder.file('x.npkg'), ['a']))
  expect(opened.damaged).toEqual([])
})
