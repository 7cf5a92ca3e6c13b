import { describe, expect, test } from 'vitest'
import type { DType } from './dtype.ts'
import { NumPackError } from './errors.ts'
import { LIMITS } from './limits.ts'
import { decodeMetadata, encodeMetadata } from './metadata.ts'

/** docs/format.md 1.1: array "ab", float32, shape (3, 2), with 8 timestamp bytes of our own. */
const GOLDEN = Uint8Array.from(
  Buffer.from(
    `4e504b42 01000000 1800000000000000 01000000
     02000000 6162 02000000 0300000000000000 0200000000000000
     0c000000 646174615f61622e6e706b64 40420f0000000000 1800000000000000 0a
     00 00000000 0000000000000000 0000000000000000 00`.replaceAll(/\s/g, ''),
    'hex',
  ),
)

const record = (name: string, shape: number[], dtype: DType = 'float32', dataFile = `data_${name}.npkd`) => ({
  name,
  shape,
  dataFile,
  lastModified: 1_000_000,
  sizeBytes: 24,
  dtype,
})

const thrownBy = (action: () => unknown): NumPackError => {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(NumPackError)
    return error as NumPackError
  }
  throw new Error('nothing was thrown')
}

const with4 = (offset: number, value: number): Uint8Array => {
  const bytes = GOLDEN.slice()
  new DataView(bytes.buffer).setUint32(offset, value, true)
  return bytes
}

const with64 = (offset: number, value: bigint): Uint8Array => {
  const bytes = GOLDEN.slice()
  new DataView(bytes.buffer).setBigUint64(offset, value, true)
  return bytes
}

describe('decodeMetadata', () => {
  test("reads NumPack's own bytes", () => {
    const metadata = decodeMetadata(GOLDEN)
    expect(metadata).toMatchObject({ version: 1, totalSize: 24, warnings: [] })
    expect(metadata.records).toEqual([
      {
        name: 'ab',
        shape: [3, 2],
        dataFile: 'data_ab.npkd',
        lastModified: 1_000_000,
        sizeBytes: 24,
        dtypeCode: 10,
        dtype: 'float32',
        raw: GOLDEN.subarray(20),
        problem: null,
      },
    ])
  })

  test('reads an empty store and ignores trailing bytes', () => {
    expect(decodeMetadata(encodeMetadata([])).records).toEqual([])
    expect(decodeMetadata(Uint8Array.from([...GOLDEN, 1, 2, 3])).records).toHaveLength(1)
  })

  test('refuses every truncation, naming field and offset', () => {
    for (let length = 0; length < GOLDEN.length; length++) {
      const error = thrownBy(() => decodeMetadata(GOLDEN.subarray(0, length), 'metadata.npkm'))
      expect(error.code, `${length} bytes`).toBe('DAMAGED')
      expect(error.message).toContain('metadata.npkm')
      expect(error.details['field'], `${length} bytes`).toEqual(expect.any(String))
      expect(error.details['offset']).toBeLessThanOrEqual(length)
    }
    expect(thrownBy(() => decodeMetadata(GOLDEN.subarray(0, 40))).details).toMatchObject({ field: 'shape', offset: 30 })
  })

  test.each([
    ['a count beyond the file', with4(16, 0xffffffff), 'DAMAGED', 'record count beyond the file'],
    ['a name beyond the file', with4(20, 0xffffffff), 'DAMAGED', 'name'],
    ['axes beyond the file', with4(26, 0xffffffff), 'DAMAGED', 'shape'],
    ['another version', with4(4, 2), 'NEWER_VERSION', 'newer NumPack'],
    ['another magic', with4(0, 0), 'DAMAGED', 'not NumPack metadata'],
  ])('refuses %s', (_, bytes, code, message) => {
    const error = thrownBy(() => decodeMetadata(bytes))
    expect(error).toMatchObject({ code })
    expect(error.message).toContain(message)
  })

  test.each([
    ['an unknown dtype', GOLDEN.with(78, 99), 'unknown dtype 99'],
    ['compression', GOLDEN.with(79, 1), 'compressed'],
    ['a shape that overflows', encodeMetadata([record('a', [2 ** 52, 2 ** 10])]), 'shape overflows'],
    ['a shape of 64-bit numbers, in exact numbers', with64(30, 2n ** 63n - 1n), `${2n ** 63n - 1n}`],
    ['a data file above the store', encodeMetadata([record('a', [1], 'bool', '../x.npkd')]), 'outside the store'],
    ['an absolute data file', encodeMetadata([record('a', [1], 'bool', 'C:\\x.npkd')]), 'outside the store'],
    ['the metadata as data file', encodeMetadata([record('a', [1], 'bool', 'metadata.npkm')]), 'no .npkd'],
    ['a path as name', encodeMetadata([record('a/b', [1], 'bool', 'data_x.npkd')]), 'path separator'],
    ['a name that is no UTF-8', GOLDEN.with(24, 0xff), 'not UTF-8'],
  ])('marks %s as a problem of that record alone', (_, bytes, problem) => {
    const [only] = decodeMetadata(bytes).records
    expect(only?.problem).toContain(problem)
    const [bad, good] = decodeMetadata(encodeMetadata([only!, record('good', [3, 2])])).records
    expect(bad?.problem).toContain(problem)
    expect(good).toMatchObject({ name: 'good', problem: null })
  })

  test('keeps unknown records byte for byte', () => {
    const blocks = 3
    const foreign = new Uint8Array(GOLDEN.length - 20 + 21 + blocks * 24)
    foreign.set(GOLDEN.subarray(20))
    foreign[GOLDEN.length - 20 - 1] = 1
    new DataView(foreign.buffer).setUint32(GOLDEN.length - 20 + 17, blocks, true)
    foreign.fill(0xab, GOLDEN.length - 20 + 21)
    foreign[78 - 20] = 77
    const bytes = encodeMetadata([{ raw: foreign, sizeBytes: 24 }, record('b', [5])])
    const { records } = decodeMetadata(bytes)
    expect(records.map(({ name, problem }) => [name, problem])).toEqual([
      ['ab', 'unknown dtype 77'],
      ['b', null],
    ])
    expect(encodeMetadata(records)).toEqual(bytes)
  })

  test('uses the last of two records with one name, with a warning', () => {
    const { records, warnings } = decodeMetadata(encodeMetadata([record('a', [1]), record('b', [2]), record('a', [3])]))
    expect(records.map(({ name, shape }) => [name, shape])).toEqual([
      ['b', [2]],
      ['a', [3]],
    ])
    expect(warnings).toEqual([expect.stringContaining("two records 'a'")])
  })

  test('accepts any length of an axis beside an axis of length 0', () => {
    expect(decodeMetadata(encodeMetadata([record('a', [0, 2 ** 52])])).records[0]?.problem).toBeNull()
    expect(decodeMetadata(encodeMetadata([record('a', [2 ** 53 - 1, 0])])).records[0]?.problem).toBeNull()
  })

  test('axes beside one of length 0 are damaged if their product exceeds int64, as in NumPy', () => {
    const shapes = [
      [2 ** 52, 2 ** 52, 0],
      [0, ...Array.from({ length: 30 }, () => 2 ** 52)],
      [2 ** 53, 0],
    ]
    for (const shape of shapes) {
      expect(decodeMetadata(encodeMetadata([record('a', shape)])).records[0]?.problem).toContain('overflows')
    }
  })

  test('a name or path that is too long is damaged, truncated in memory, and written back whole', () => {
    const [long, other] = [0, 1].map(n => record('\0'.repeat(200_000) + n, [1], 'bool', 'data_a.npkd'))
    const path = record('path', [1], 'bool', `data_${'é'.repeat(100_000)}.npkd`)
    const bytes = encodeMetadata([long!, other!, path, record('good', [1])])
    const { records } = decodeMetadata(bytes)
    expect(records.map(({ problem }) => problem)).toEqual([
      'its name has 200001 bytes; at most 241 are allowed',
      'its name has 200001 bytes; at most 241 are allowed',
      'its data file has a name of 200010 bytes; at most 255 are allowed',
      null,
    ])
    expect(JSON.stringify(records.map(record => ({ ...record, raw: null }))).length).toBeLessThan(20_000)
    expect(new Set(records.map(({ name }) => name)).size).toBe(4)
    expect(records[2]?.dataFile).toMatch(/^data_é+…$/)
    expect(encodeMetadata(records)).toEqual(bytes)
  })

  test('names that are not UTF-8 stay distinct, and their records are written back', () => {
    const texts = ['x\ufffd', 'x\\xff', 'x\\xff\\', 'x\\x5c\\xff', 'z']
    const others = [
      [0x78, 0xff],
      [0x78, 0xfe],
      [0x78, 0xff],
      [0x78, 0xed, 0xa0, 0x80],
      [0x78, 0x5c, 0xff],
    ].map(name => {
      const raw = encodeMetadata([record('-'.repeat(name.length), [3, 2])]).slice(20)
      raw.set(name, 4)
      return { raw, sizeBytes: 24 }
    })
    const [again, ...different] = others
    const bytes = encodeMetadata([again!, ...texts.map(text => record(text, [3, 2])), ...different])
    const { records, warnings } = decodeMetadata(bytes)
    expect(records.map(({ name }) => name)).toEqual([
      ...texts,
      'x\\xfe',
      'x\\xff\\\\',
      'x\\xed\\xa0\\x80',
      'x\\x5c\\xff\\',
    ])
    expect(records.slice(texts.length).map(({ problem }) => problem)).toEqual(
      different.map(() => 'its name is not UTF-8'),
    )
    expect(warnings).toEqual(["two records 'x\\xff' in the metadata: the last one counts"])
    expect(encodeMetadata(records)).toEqual(encodeMetadata([...texts.map(text => record(text, [3, 2])), ...different]))
  })

  test('a data file nested in more than one folder is damaged, and its record is written back whole', () => {
    const files = ['a.npkd', 'a/b.npkd', 'a/b/c.npkd', `${'a/'.repeat(122)}b.npkd`]
    const bytes = encodeMetadata(files.map((file, i) => record(String(i), [1], 'bool', file)))
    const { records } = decodeMetadata(bytes)
    expect(records.map(({ problem }) => problem)).toEqual([
      null,
      null,
      'its data file lies too deep in the store (a/b/c.npkd); it can be in one folder at most',
      expect.stringContaining('lies too deep'),
    ])
    expect(records.map(({ dataFile }) => dataFile)).toEqual(files)
    expect(encodeMetadata(records)).toEqual(bytes)
  })

  test('a shape with more than 64 axes is kept only as bytes', () => {
    const [bad, good] = decodeMetadata(
      encodeMetadata([
        record(
          'a',
          Array.from({ length: 1_000_000 }, () => 1),
        ),
        record('b', [1]),
      ]),
    ).records
    expect(bad).toMatchObject({ shape: [], problem: 'it has 1000000 axes; at most 64 are possible' })
    expect(good).toMatchObject({ name: 'b', problem: null })
    expect(decodeMetadata(encodeMetadata([bad!])).records[0]?.raw).toEqual(bad?.raw)
  })

  test('too many records are refused after reading the header only', () => {
    const bytes = new Uint8Array(20 + 51 * (LIMITS.records + 1))
    bytes.set(encodeMetadata([]))
    new DataView(bytes.buffer).setUint32(16, LIMITS.records + 1, true)
    const error = thrownBy(() => decodeMetadata(bytes, 'metadata.npkm'))
    expect(error).toMatchObject({ code: 'DAMAGED', details: { field: 'count', limit: LIMITS.records } })
    expect(error.message).toContain('metadata.npkm: metadata of 100001 arrays; at most 100000 are opened')
  })

  test('too large metadata is refused by its size only', () => {
    const error = thrownBy(() => decodeMetadata(new Uint8Array(LIMITS.metadataBytes + 1)))
    expect(error).toMatchObject({ code: 'DAMAGED', details: { limit: LIMITS.metadataBytes } })
  })

  test('a block list beyond the file is refused', () => {
    const bytes = Uint8Array.from([...GOLDEN, ...new Uint8Array(21)]).fill(1, GOLDEN.length - 1, GOLDEN.length)
    new DataView(bytes.buffer).setUint32(GOLDEN.length + 17, 0xffffffff, true)
    expect(thrownBy(() => decodeMetadata(bytes))).toMatchObject({
      code: 'DAMAGED',
      details: { field: 'compression.block_list' },
    })
  })

  test('only the first repeated names are described individually', () => {
    const { records, warnings } = decodeMetadata(encodeMetadata(Array.from({ length: 5000 }, () => record('a', [1]))))
    expect(records).toHaveLength(1)
    expect(warnings).toHaveLength(LIMITS.warnings + 1)
    expect(warnings.at(-1)).toBe('4899 more like these')
  })
})

test("encodeMetadata writes NumPack's own bytes", () => {
  expect(encodeMetadata([record('ab', [3, 2])])).toEqual(GOLDEN)
})

test('metadata that could not be read again is not written', () => {
  const raw = encodeMetadata([record('a', [1])]).subarray(20)
  const many = Array.from({ length: LIMITS.records + 1 }, () => ({ raw, sizeBytes: 0 }))
  expect(thrownBy(() => encodeMetadata(many))).toMatchObject({ code: 'ARGUMENT', details: { limit: LIMITS.records } })
  const large = Array.from({ length: 33 }, () => ({ raw: new Uint8Array(2 ** 20), sizeBytes: 0 }))
  expect(thrownBy(() => encodeMetadata(large))).toMatchObject({ details: { limit: LIMITS.metadataBytes } })
})
