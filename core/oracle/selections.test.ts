import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import type { DType, Scalar } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { formatElement, formatScalar, viewOf } from '../format/text.ts'
import type { LazyArray } from '../storage/lazy-array.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { type AxisSelection, slice } from '../array/selection.ts'
import { bytesOf } from './arrays.ts'
import { noOracle, runPython } from './python.ts'
import { PATIENCE, seed } from './random.ts'
import { scratchFolder } from './scratch.ts'

/** Set ORACLE_SELECTIONS for more. */
const COUNT = Number(process.env['ORACLE_SELECTIONS'] ?? 12_000)

interface Entry {
  int?: number
  slice?: [number | null, number | null, number | null]
  text?: string
  all?: 'null' | ':'
  ellipsis?: true
  list?: number[] | number[][]
  typed?: number[]
  type?: keyof typeof INTEGER_ARRAYS
  mask?: number[]
  shape?: number[]
  as?: 'list' | 'array'
}

interface Case {
  array: string
  selection: Entry[]
  error?: string
  shape: number[]
  offset: number
  bytes: number
}

const INTEGER_ARRAYS = {
  Int8Array: (values: number[]) => Int8Array.from(values),
  Uint8Array: (values: number[]) => Uint8Array.from(values),
  Int16Array: (values: number[]) => Int16Array.from(values),
  Uint16Array: (values: number[]) => Uint16Array.from(values),
  Int32Array: (values: number[]) => Int32Array.from(values),
  Uint32Array: (values: number[]) => Uint32Array.from(values),
  BigInt64Array: (values: number[]) => BigInt64Array.from(values.map(BigInt)),
}

function selectionOf(entry: Entry): AxisSelection {
  if (entry.int !== undefined) return entry.int
  if (entry.slice) return slice(...entry.slice)
  if (entry.text !== undefined) return entry.text
  if (entry.all) return entry.all === 'null' ? null : ':'
  if (entry.ellipsis) return '...'
  if (entry.list) return entry.list
  if (entry.typed) return INTEGER_ARRAYS[entry.type!](entry.typed)
  const mask = entry.mask!.map(Boolean)
  return entry.as === 'list' ? mask : NDArray.from(mask, { dtype: 'bool', shape: entry.shape! })
}

/** NumPy's IndexError also covers lists that do not fit together; `alike` ignores the engine's two codes for that. */
function outcome(dtype: DType, get: () => NDArray | Scalar, alike: boolean): unknown {
  try {
    const result = get()
    if (!(result instanceof NDArray)) return { shape: [], text: formatScalar(dtype, result) }
    return result.ndim === 0
      ? { shape: [], text: formatElement(dtype, result.data, 0) }
      : { dtype: result.dtype, shape: [...result.shape], bytes: bytesOf(result).toString('base64') }
  } catch (error) {
    if (error instanceof NumPackError) {
      return { error: alike && ['INDEX', 'SHAPE'].includes(error.code) ? 'INDEX or SHAPE' : error.code }
    }
    throw error
  }
}

function getInto(lazy: LazyArray, shape: number[] = [1], selection: AxisSelection[]): NDArray | Scalar {
  const out = NDArray.zeros(shape, lazy.dtype)
  const read = lazy.getInto(out, ...selection)
  return read === out ? out : NDArray.from([])
}

function expectedOutcome(dtype: DType, wanted: Case, elements: Buffer): unknown {
  const bytes = elements.subarray(wanted.offset, wanted.offset + wanted.bytes)
  if (wanted.shape.length > 0) return { dtype, shape: wanted.shape, bytes: bytes.toString('base64') }
  return { shape: [], text: formatElement(dtype, viewOf(dtype, Uint8Array.from(bytes).buffer), 0) }
}

describe(`selections (ORACLE_SEED=${seed}; ${noOracle ?? 'judged by NumPy'})`, () => {
  beforeEach(ctx => ctx.skip(noOracle !== null, noOracle ?? ''))

  test(
    `${COUNT} random selections give the same as NumPy, from disk and from memory`,
    () => {
      using folder = scratchFolder()
      runPython('generate_selections.py', folder.path, seed, COUNT)
      const elements = readFileSync(join(folder.path, 'expected.bin'))
      const cases = readFileSync(join(folder.path, 'cases.ndjson'), 'utf8').trimEnd().split('\n')
      expect(cases).toHaveLength(COUNT)
      using npk = NumPack.open(join(folder.path, 'selections.npk'), { readOnly: true })
      const arrays = new Map(npk.getMemberList().map(name => [name, npk.load(name)]))
      const wrong: unknown[] = []
      for (const line of cases) {
        const wanted = JSON.parse(line) as Case
        const lazy = npk.load(wanted.array, { lazy: true })
        const array = arrays.get(wanted.array)!
        const selection = wanted.selection.map(selectionOf)
        const expected =
          wanted.error === undefined
            ? expectedOutcome(array.dtype, wanted, elements)
            : { error: wanted.error === 'range' ? 'INDEX' : 'INDEX or SHAPE' }
        for (const [from, get] of [
          ['disk', () => lazy.get(...selection)],
          ['disk, into memory that is there', () => getInto(lazy, wanted.shape, selection)],
          ['memory', () => array.get(...selection)],
        ] as const) {
          const ours = outcome(array.dtype, get, wanted.error !== 'range')
          if (!isDeepStrictEqual(ours, expected)) {
            wrong.push({ from, shape: array.shape, selection: JSON.stringify(wanted.selection), ours, expected, line })
          }
        }
      }
      expect(wrong.length, JSON.stringify(wrong.slice(0, 5), null, 1)).toBe(0)
    },
    PATIENCE,
  )
})
