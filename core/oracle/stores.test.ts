import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { complexParts, formatElement } from '../format/text.ts'
import { NumPack } from '../storage/numpack.ts'
import { bytesOf, sha256 } from './arrays.ts'

/** Real stores and NumPack's description of them: a larger collection in NUMPACK_STORES, or the fixtures. */
const folder = process.env['NUMPACK_STORES'] ?? fileURLToPath(new URL('../fixtures/stores', import.meta.url))

interface Described {
  dtype: string
  shape: number[]
  physicalRows: number
  deletedRows?: number[]
  sha256: string
  cells?: [number[], string | [string, string]][]
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, Described>>
}
const stores = Object.entries(expected.stores).filter(([store]) => existsSync(join(folder, store)))

describe(`the stores in ${folder}`, () => {
  test.each(stores)(
    '%s: dtype, shape, deleted rows, elements and cells of every array are as NumPack describes them',
    (store, arrays) => {
      using npk = NumPack.open(join(folder, store), { readOnly: true })
      expect(npk.damaged).toEqual([])
      expect(npk.getMemberList().toSorted()).toEqual(Object.keys(arrays).toSorted())
      for (const [name, wanted] of Object.entries(arrays)) {
        const { dtype, shape, data } = npk.load(name)
        const lazy = npk.load(name, { lazy: true })
        const cellAt = (index: number[]): string | [string, string] => {
          const at = index.reduce((place, i, axis) => place * shape[axis]! + i, 0)
          return dtype === 'complex64' || dtype === 'complex128'
            ? complexParts(dtype, data, at)
            : formatElement(dtype, data, at)
        }
        const cells = wanted.cells ?? []
        expect({
          store,
          name,
          dtype,
          shape,
          physicalRows: npk.getMetadata().arrays[name]?.physicalShape[0],
          deletedRows: [...lazy.deletedRows],
          sha256: sha256(bytesOf({ data })),
          cells: cells.map(([index]) => cellAt(index)),
        }).toEqual({
          store,
          name,
          dtype: wanted.dtype,
          shape: wanted.shape,
          physicalRows: wanted.physicalRows,
          deletedRows: wanted.deletedRows ?? [],
          sha256: wanted.sha256,
          cells: cells.map(([, text]) => text),
        })
      }
    },
  )
})
