import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { bytesOf, sha256 } from './arrays.ts'
import { noOracle, runPython } from './python.ts'
import { PATIENCE, seed } from './random.ts'
import { scratchFolder } from './scratch.ts'

/** Set ORACLE_STORES for more. */
const STORES = Number(process.env['ORACLE_STORES'] ?? 120)

interface Described {
  dtype: string
  shape: number[]
  physicalRows: number
  deletedRows: number[]
  sha256: string
  numpack: string | null
}

interface DescribedStore {
  store: string
  arrays: Record<string, Described>
}

const copyOf = (batch: NDArray): Buffer => Buffer.from(bytesOf(batch))

describe(`random stores (ORACLE_SEED=${seed}; ${noOracle ?? 'judged by NumPack'})`, () => {
  beforeEach(ctx => ctx.skip(noOracle !== null, noOracle ?? ''))

  test(
    `${STORES} stores are read as NumPack and NumPy read them`,
    () => {
      using folder = scratchFolder()
      const lines = runPython('generate_stores.py', folder.path, seed, STORES).trimEnd().split('\n')
      expect(lines).toHaveLength(STORES)
      for (const line of lines) {
        const { store, arrays } = JSON.parse(line) as DescribedStore
        using npk = NumPack.open(join(folder.path, store), { readOnly: true })
        expect(npk.damaged).toEqual([])
        expect(npk.getMemberList().toSorted()).toEqual(Object.keys(arrays).toSorted())
        for (const [name, wanted] of Object.entries(arrays)) {
          const lazy = npk.load(name, { lazy: true })
          const eager = npk.load(name)
          const ours = {
            dtype: lazy.dtype,
            shape: [...lazy.shape],
            physicalRows: npk.getMetadata().arrays[name]?.physicalShape[0],
            deletedRows: [...lazy.deletedRows],
            sha256: sha256(bytesOf(eager)),
            lazy: sha256(bytesOf(lazy.toNDArray())),
            streamed: sha256(Buffer.concat([...npk.streamLoad(name, 7)].map(bytesOf))),
            reused: sha256(Buffer.concat(Array.from(npk.streamLoad(name, 30, { reuse: true }), copyOf))),
          }
          const { numpack, ...numpy } = wanted
          expect({ store, name, ...ours }).toEqual({
            store,
            name,
            ...numpy,
            lazy: numpy.sha256,
            streamed: numpy.sha256,
            reused: numpy.sha256,
          })
          expect(eager.shape).toEqual(numpy.shape)
          expect(numpack).toBeOneOf([ours.sha256, null])
        }
      }
    },
    PATIENCE,
  )
})
