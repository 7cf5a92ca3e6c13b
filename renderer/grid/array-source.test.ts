import { describe, expect, test } from 'vitest'
import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import type { Bridge } from '../bridge/bridge.ts'
import { createArraySource } from './array-source.ts'

const info = (change: Partial<ArrayInfo>): ArrayInfo => ({
  name: 'features',
  dtype: 'float32',
  shape: [7, 3],
  physicalShape: [10, 3],
  deletedRows: 3,
  sizeBytes: 120,
  dataFile: 'data_features.npkd',
  segments: 0,
  lastModified: 0,
  warnings: [],
  damaged: null,
  isBehindLink: false,
  generation: 4,
  ...change,
})

function host(result: unknown, bytes: ArrayBuffer = new ArrayBuffer(0)) {
  const asked: unknown[] = []
  const bridge = {
    request: (method: string, params: unknown) => {
      asked.push([method, params])
      return Promise.resolve({ result, bytes })
    },
    subscribe: () => () => undefined,
    pathForFile: () => '',
  } as unknown as Bridge
  return { bridge, asked }
}

const never = new AbortController().signal

describe('the size of a grid source', () => {
  const { bridge } = host({})
  test.each([
    ['active', 7],
    ['all', 10],
    ['deleted', 3],
  ] as const)('a grid source with row set %s has %i rows', (rowSet, rows) => {
    const source = createArraySource(bridge, 1, info({}), rowSet, [])
    expect([source.rows, source.columns]).toEqual([rows, 3])
  })

  test.each([
    [[7], 1],
    [[7, 3], 3],
    [[7, 2, 5], 5],
    [[7, 0], 0],
    [[], 0],
  ])('a grid source of shape %j has %i columns', (shape, columns) => {
    expect(createArraySource(bridge, 1, info({ shape, physicalShape: shape }), 'active', []).columns).toBe(columns)
  })

  test('a grid source needs a dtype', () => {
    expect(() => createArraySource(bridge, 1, info({ dtype: null }), 'active', [])).toThrow('has no dtype')
  })
})

test('source keys differ by array, row set and index, but not by generation', () => {
  const { bridge } = host({})
  const sources = [
    createArraySource(bridge, 1, info({}), 'active', []),
    createArraySource(bridge, 2, info({}), 'active', []),
    createArraySource(bridge, 1, info({ name: 'labels' }), 'active', []),
    createArraySource(bridge, 1, info({}), 'all', []),
    createArraySource(bridge, 1, info({}), 'active', [1]),
  ]
  expect(new Set(sources.map(source => source.key)).size).toBe(5)
  expect(createArraySource(bridge, 1, info({ generation: 5 }), 'active', []).key).toBe(sources[0]!.key)
  expect(sources[3]!.layoutKey).toBe(sources[0]!.layoutKey)
})

test('a reply holds elements and then row numbers, 8-byte aligned', async () => {
  const bytes = new ArrayBuffer(24 + 3 * 16)
  const view = new DataView(bytes)
  // float16: 1.5 is 0x3e00, -0.1 is 0xae66 (0.1 is 0x2e66), NaN is 0x7e00.
  for (const [i, bits] of [0x3e00, 0xae66, 0x7e00, 0, 0, 0, 0, 0, 0x7c00].entries()) view.setUint16(2 * i, bits, true)
  for (const [i, row] of [5, 6, 9].entries()) view.setFloat64(24 + 8 * i, row, true)
  for (const [i, row] of [4, NaN, 5].entries()) view.setFloat64(48 + 8 * i, row, true)
  const { bridge, asked } = host(
    { dtype: 'float16', rows: [4, 7], columns: [0, 3], hasRowNumbers: true, generation: 4 },
    bytes,
  )
  const source = createArraySource(bridge, 9, info({ dtype: 'float16', shape: [7, 2, 3] }), 'all', [1])
  const window = await source.read([4, 7], [0, 3], never)
  expect(asked).toEqual([
    ['readWindow', { store: 9, array: 'features', rowSet: 'all', index: [1], rows: [4, 7], columns: [0, 3] }],
  ])
  expect(Array.from({ length: 9 }, (_, i) => source.cellText(window.data, i))).toEqual([
    '1.5',
    '−0.1',
    'nan',
    '0.0',
    '0.0',
    '0.0',
    '0.0',
    '0.0',
    'inf',
  ])
  expect(source.copyText(window.data, 1)).toBe('-0.1')
  expect(source.cellKind(window.data, 8)).toBe('inf')
  expect([...window.rowNumbers!.physical]).toEqual([5, 6, 9])
  expect([...window.rowNumbers!.logical]).toEqual([4, NaN, 5])
})

test('64-bit integers stay exact', async () => {
  const data = BigInt64Array.of(-9223372036854775808n, 9223372036854775807n)
  const { bridge } = host(
    { dtype: 'int64', rows: [0, 2], columns: [0, 1], hasRowNumbers: false, generation: 4 },
    data.buffer,
  )
  const source = createArraySource(bridge, 1, info({ dtype: 'int64', shape: [7] }), 'active', [])
  const window = await source.read([0, 2], [0, 1], never)
  expect(source.cellText(window.data, 0)).toBe('−9223372036854775808')
  expect(source.copyText(window.data, 1)).toBe('9223372036854775807')
  expect(window.rowNumbers).toBeNull()
})
