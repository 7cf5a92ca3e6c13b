import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bitmap, decodeBitmap, encodeBitmap } from './bitmap.ts'

/** docs/format.md 1.2: 70 rows; 0, 5 and 65 dropped. */
const GOLDEN = Uint8Array.from(Buffer.from('46000000000000000300000000000000deffffffffffffff3d00000000000000', 'hex'))

const deletedIn = ({ words }: Bitmap, rows: number): number[] =>
  Array.from({ length: rows }, (_, row) => row).filter(
    row => row < words.length * 32 && ((words[row >> 5]! >>> (row & 31)) & 1) === 0,
  )

const readable = (bytes: Uint8Array, rows: number): Bitmap => {
  const bitmap = decodeBitmap(bytes, rows)
  if (typeof bitmap === 'string') throw new Error(bitmap)
  return bitmap
}

describe('decodeBitmap', () => {
  test("reads NumPack's own bytes", () => {
    const bitmap = readable(GOLDEN, 70)
    expect(deletedIn(bitmap, 70)).toEqual([0, 5, 65])
    expect(bitmap).toMatchObject({ storedDeleted: 3, torn: false })
  })

  test('reads bitmaps at any memory alignment', () => {
    const shifted = new Uint8Array(GOLDEN.length + 3)
    shifted.set(GOLDEN, 3)
    expect(deletedIn(readable(shifted.subarray(3), 70), 70)).toEqual([0, 5, 65])
  })

  test('reads bare words of exactly the right length', () => {
    const bitmap = readable(GOLDEN.subarray(16), 70)
    expect(deletedIn(bitmap, 70)).toEqual([0, 5, 65])
    expect(bitmap.storedDeleted).toBeNull()
  })

  test('marks a bitmap with another length than its header says as torn, and uses its words', () => {
    for (const length of [16, 20, 24, 31]) expect(readable(GOLDEN.subarray(0, length), 70).torn, `${length}`).toBe(true)
    expect(deletedIn(readable(GOLDEN.subarray(0, 24), 70), 70)).toEqual([0, 5])
    const longer = readable(Uint8Array.from([...GOLDEN, 0, 0, 0, 0]), 70)
    expect(longer.torn).toBe(true)
    expect(deletedIn(longer, 70)).toEqual([0, 5, 65])
  })

  test('reports any other layout as damaged', () => {
    expect(decodeBitmap(GOLDEN, 71)).toContain('71 rows')
    expect(decodeBitmap(GOLDEN.subarray(0, 15), 70)).toContain('15 bytes')
    expect(decodeBitmap(new Uint8Array(0), 70)).toContain('0 bytes')
    expect(decodeBitmap(GOLDEN.with(8, 71), 70)).toContain('70 rows')
  })
})

test("encodeBitmap writes NumPack's own bytes", () => {
  expect(encodeBitmap(70, row => [0, 5, 65].includes(row))).toEqual(GOLDEN)
})

test('any set of deleted rows survives encoding and decoding', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 300 }), flags => {
      const bitmap = readable(
        encodeBitmap(flags.length, row => flags[row]!),
        flags.length,
      )
      expect(deletedIn(bitmap, flags.length)).toEqual(flags.flatMap((deleted, row) => (deleted ? [row] : [])))
      expect(bitmap.storedDeleted).toBe(flags.filter(Boolean).length)
    }),
  )
})
