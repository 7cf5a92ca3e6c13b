import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pack, unpack } from '../packages/index.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { slice } from '../array/selection.ts'
import { noOracle, runPython } from './python.ts'
import { scratchFolder } from './scratch.ts'

/** Reproduces the faults of NumPack 0.7 that docs/format.md names; this engine must agree with NumPy or a list. */

const folder = scratchFolder()
let numpack: Record<string, unknown> = {}
let stores = 0
let path = ''

beforeAll(() => {
  if (noOracle === null) numpack = JSON.parse(runPython('numpack_faults.py', folder.path).trim()) as typeof numpack
})
beforeEach(ctx => {
  if (noOracle !== null) ctx.skip(noOracle)
  mkdirSync(join(folder.path, `ours-${++stores}`))
  path = join(folder.path, `ours-${stores}`, 'store.npk')
})
afterAll(() => folder[Symbol.dispose]())

const code = (expected: string) => expect.objectContaining({ code: expected })
const count = (length: number): number[] => Array.from({ length }, (_, i) => i)

function opened(arrays: Parameters<NumPack['save']>[0] = {}): NumPack {
  const npk = NumPack.open(path)
  npk.save(arrays)
  return npk
}

function patch(change: (bytes: Buffer) => Uint8Array): void {
  const file = join(path, 'metadata.npkm')
  writeFileSync(file, change(readFileSync(file)))
}

function field(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}

function pointElsewhere(dataFile: string): void {
  patch(bytes => {
    const old = field('data_a.npkd')
    const at = bytes.indexOf(old)
    return Buffer.concat([bytes.subarray(0, at), field(dataFile), bytes.subarray(at + old.length)])
  })
}

describe('rows', () => {
  test('NumPack revives deleted rows when an append falls into the same word of the bitmap', () => {
    expect(numpack['revived_rows']).toEqual([...count(10), 100])
    using npk = opened({ a: count(10) })
    npk.drop('a', [8, 9])
    npk.append({ a: [100] })
    expect(npk.load('a').toList()).toEqual([...count(8), 100])
  })

  test('NumPack writes wrong bytes when a replace names several rows that are not adjacent', () => {
    const right = count(10).map(i =>
      i === 1 ? [-1, -1] : i === 3 ? [-2, -2] : i === 8 ? [-3, -3] : [2 * i, 2 * i + 1],
    )
    expect(numpack['scattered_replace']).not.toEqual(right)
    using npk = opened({ a: count(10).map(i => [2 * i, 2 * i + 1]) })
    const values = [-1, -2, -3].map(value => [value, value])
    npk.replace({ a: values }, [1, 3, 8])
    expect(npk.load('a').toList()).toEqual(right)
  })

  test('NumPack counts deleted rows in lazy slices and masks', () => {
    expect(numpack['lazy_after_drop']).toEqual({ slice: [0, 1, 2], mask: 'ValueError' })
    using npk = opened({ a: count(10) })
    npk.drop('a', [0, 1])
    const lazy = npk.load('a', { lazy: true })
    expect(lazy.get(slice(0, 3)).toList()).toEqual([2, 3, 4])
    expect(lazy.get([true, true, true, false, false, false, false, false]).toList()).toEqual([2, 3, 4])
  })

  test('NumPack reads a boolean mask as row numbers 0 and 1', () => {
    expect(numpack['boolean_mask']).toEqual([10, 10, 11, 10, 10, 10, 10, 10, 10, 10])
    using npk = opened({ a: count(10).map(i => i + 10) })
    expect(npk.getitem('a', [false, false, true, ...Array<boolean>(7).fill(false)]).toList()).toEqual([12])
  })

  test('NumPack refuses slices with a step', () => {
    expect(numpack['step_slice']).toBe('ValueError')
    using npk = opened({ a: count(10) })
    expect(npk.getitem('a', slice(0, 10, 2)).toList()).toEqual([0, 2, 4, 6, 8])
    expect(npk.getitem('a', slice(null, null, -4)).toList()).toEqual([9, 5, 1])
  })

  test('NumPack combines two index lists as an outer product instead of pairs', () => {
    expect(numpack['index_lists']).toEqual([
      [1, 2],
      [4, 5],
    ])
    using npk = opened({ a: count(4).map(i => [3 * i, 3 * i + 1, 3 * i + 2]) })
    expect(npk.load('a', { lazy: true }).get([0, 1], [1, 2]).toList()).toEqual([1, 5])
  })

  test('NumPack counts negative rows of a drop from the last physical row', () => {
    expect(numpack['negative_drop']).toEqual(count(8))
    using npk = opened({ a: count(10) })
    npk.drop('a', [8, 9])
    npk.drop('a', [-1])
    expect(npk.load('a').toList()).toEqual(count(7))
  })

  test('NumPack counts negative slice bounds of a drop from the last physical row', () => {
    expect(numpack['slice_drop']).toEqual(count(10).slice(2))
    using npk = opened({ a: count(10) })
    npk.drop('a', [0, 1])
    npk.drop('a', slice(-2, null))
    expect(npk.load('a').toList()).toEqual([2, 3, 4, 5, 6, 7])
  })

  test('NumPack ignores a drop out of range', () => {
    expect(numpack['drop_out_of_range']).toEqual(count(4))
    using npk = opened({ a: count(4) })
    expect(() => npk.drop('a', [99])).toThrow(code('INDEX'))
    expect(npk.load('a').toList()).toEqual(count(4))
  })

  test('NumPack reports the physical rows in the shape of its metadata', () => {
    expect(numpack['metadata_shape']).toEqual([6])
    using npk = opened({ a: count(6) })
    npk.drop('a', [0])
    expect(npk.getMetadata().arrays['a']).toMatchObject({ shape: [5], physicalShape: [6], deletedRows: 1 })
  })

  test('NumPack appends after the bytes of an interrupted append, which shifts the new rows', () => {
    expect(numpack['append_after_interrupted_append']).not.toEqual([0, 1, 2, 3, 7, 8])
    using npk = opened({ a: BigInt64Array.of(0n, 1n, 2n, 3n) })
    writeFileSync(join(path, 'data_a.npkd'), Buffer.alloc(12, 0xff), { flag: 'a' })
    npk.append({ a: BigInt64Array.of(7n, 8n) })
    expect(npk.load('a').toList()).toEqual([0n, 1n, 2n, 3n, 7n, 8n])
  })

  test('NumPack saves a 0-D array and crashes when it loads one', () => {
    expect(() => runPython('numpack_faults.py', folder.path, 'zero_dimensions')).toThrow(/panicked|failed/)
    using npk = opened()
    expect(() => npk.save({ a: NDArray.zeros([], 'int64') })).toThrow(code('SHAPE'))
  })
})

describe('stores', () => {
  test('NumPack takes metadata with a wrong magic for an empty store and overwrites them when it closes', () => {
    expect(numpack['wrong_magic']).toEqual({ names: [], metadata: 20 })
    opened({ a: [1] }).close()
    patch(bytes => Buffer.concat([Buffer.from('X'), bytes.subarray(1)]))
    const before = readFileSync(join(path, 'metadata.npkm'))
    expect(() => NumPack.open(path)).toThrow(code('DAMAGED'))
    expect(readFileSync(join(path, 'metadata.npkm'))).toEqual(before)
  })

  test('NumPack takes truncated metadata for an empty store, so the next save loses all other arrays', () => {
    expect(numpack['truncated_metadata']).toEqual(['b'])
    opened({ a: [1] }).close()
    patch(bytes => bytes.subarray(0, 50))
    expect(() => NumPack.with(path, npk => npk.save({ b: [2] }))).toThrow(code('DAMAGED'))
    expect(readFileSync(join(path, 'metadata.npkm'))).toHaveLength(50)
  })

  test('NumPack reads metadata of another version as those of its own', () => {
    expect(numpack['newer_version']).toEqual(['a'])
    opened({ a: [1] }).close()
    patch(bytes => Buffer.concat([bytes.subarray(0, 4), Buffer.of(99), bytes.subarray(5)]))
    expect(() => NumPack.open(path)).toThrow(code('NEWER_VERSION'))
  })

  test('NumPack writes outside the store if the name of an array is a path', () => {
    expect(numpack['escaping_name']).toEqual(['outside.npkd', 'store.npk'])
    using npk = opened()
    mkdirSync(join(path, 'data_x'))
    expect(() => npk.save({ 'x/../../outside': [1] })).toThrow(code('NAME'))
    expect(readdirSync(join(path, '..'))).toEqual(['store.npk'])
  })

  test('NumPack reads, writes and removes a data file outside the store', () => {
    expect(numpack['escaping_data_file']).toEqual({ read: [7, 8, 9, 10], written: [-5, 8, 9, 10], exists: false })
    opened({ a: [1, 2, 3, 4] }).close()
    const outside = join(path, '..', 'outside.bin')
    const content = Buffer.alloc(32, 7)
    writeFileSync(outside, content)
    pointElsewhere(outside)
    using npk = NumPack.open(path)
    expect(npk.damaged.map(({ name }) => name)).toEqual(['a'])
    expect(() => npk.load('a')).toThrow(/outside|path/i)
    expect(() => npk.replace({ a: [5] }, [0])).toThrow(/outside|path/i)
    npk.reset()
    expect(readFileSync(outside)).toEqual(content)
  })

  test('NumPack rewrites metadata when a reader closes, which loses arrays that others saved since it opened', () => {
    expect(numpack['reader_that_closes']).toEqual(['a'])
    using npk = opened({ a: [1] })
    const reader = NumPack.open(path, { readOnly: true })
    const idle = NumPack.open(path)
    reader.load('a')
    idle.load('a')
    npk.save({ b: [2] })
    const before = readFileSync(join(path, 'metadata.npkm'))
    reader.close()
    idle.close()
    expect(readFileSync(join(path, 'metadata.npkm'))).toEqual(before)
    expect(npk.getMemberList()).toEqual(['a', 'b'])
  })
})

describe('batches', () => {
  test('NumPack writes what a batch saved before it threw', () => {
    expect(numpack['batch_that_throws']).toEqual([0, 1])
    using npk = opened({ a: count(4) })
    const batch = (): void =>
      npk.batchMode(() => {
        npk.save({ a: [0, 1] })
        throw new Error('on purpose')
      })
    expect(batch).toThrow('on purpose')
    expect(npk.load('a').toList()).toEqual(count(4))
  })

  test('NumPack writes an array that a batch loaded and changed but did not save', () => {
    expect(numpack['batch_that_only_reads']).toEqual([99, 1, 2, 3])
    using npk = opened({ a: count(4) })
    npk.batchMode(() => npk.load('a').set(0, 99))
    expect(npk.load('a').toList()).toEqual(count(4))
  })

  test('NumPack prints the write errors of a batch instead of raising them', () => {
    expect(numpack['batch_that_cannot_write']).toEqual(['a'])
    using npk = opened({ a: count(4) })
    expect(() => npk.batchMode(() => npk.save({ text: ['text'] as never }))).toThrow(expect.any(Error))
    expect(npk.getMemberList()).toEqual(['a'])
  })

  test('NumPack shows and edits deleted rows in a writable batch', () => {
    expect(numpack['writable_after_drop']).toEqual({ shape: [6], after: [2, 3, 4, 5] })
    using npk = opened({ a: count(6) })
    npk.drop('a', [0, 1])
    npk.writableBatchMode(batch => {
      const array = batch.load('a')
      expect(array.shape).toEqual([4])
      array.set(0, 99)
    })
    expect(npk.load('a').toList()).toEqual([99, 3, 4, 5])
  })

  test('NumPack ignores the data file that the metadata name in a writable batch', () => {
    expect(numpack['writable_in_other_file']).toEqual({ load: count(6), writable: 'FileNotFoundError' })
    using npk = opened({ a: count(6) })
    npk.save({ a: count(6) })
    expect(npk.getMetadata().arrays['a']?.dataFile).not.toBe('data_a.npkd')
    npk.writableBatchMode(batch => batch.load('a').set(0, 99))
    expect(npk.load('a').toList()).toEqual([99, 1, 2, 3, 4, 5])
  })
})

describe('packages', () => {
  test('NumPack packs the metadata of segmented arrays without their data', async () => {
    expect(numpack['package_of_segments']).toEqual({
      read: count(6),
      unpacked: 'RuntimeError',
      files: ['metadata.npkm'],
    })
    opened({ a: Int32Array.from(count(6)) }).close()
    mkdirSync(join(path, 'data_a_segments'))
    const file = 'data_a_segments/seg_000000.npkd'
    renameSync(join(path, 'data_a.npkd'), join(path, file))
    const list = { version: 1, segments: [{ file, rows: 6, bytes: 24 }] }
    writeFileSync(join(path, 'data_a.npkseg'), JSON.stringify(list))
    pointElsewhere('data_a.npkseg')
    const [target, unpacked] = [`${path}g`, join(path, '..', 'unpacked.npk')]
    await pack(path, target)
    await unpack(target, unpacked)
    expect(NumPack.with(unpacked, { readOnly: true }, npk => npk.load('a').toList())).toEqual(count(6))
  })

  test('NumPack deletes the target folder before it checks that the file is a package', async () => {
    expect(numpack['unpack_of_no_package']).toEqual({ error: 'ValueError', exists: false })
    opened({ a: count(6) }).close()
    const file = join(path, '..', 'bad.npkg')
    writeFileSync(file, 'nonsense'.repeat(10))
    await expect(unpack(file, path, { overwrite: true })).rejects.toThrow(code('NOT_A_PACKAGE'))
    expect(NumPack.with(path, { readOnly: true }, npk => npk.load('a').toList())).toEqual(count(6))
  })
})
