import { removeFolder } from '../../test-support/remove-folder.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as np from 'numpy-ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeMetadata } from '../../format/metadata.ts'
import { isTemporary, temporaryIn } from '../../system/files.ts'
import { encodeWriteLog, WRITE_LOG_FILE } from '../read/write-log.ts'
import { NumPack } from '../numpack.ts'
import { slice } from '../../array/selection.ts'

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-faults-'))
  path = join(root, 'store.npk')
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ code: expected })
const count = (length: number): number[] => Array.from({ length }, (_, i) => i)

describe('what NumPack 0.7 does wrong (docs/format.md 2) is done right', () => {
  test('revived rows: an append into the same 64-row word leaves dropped rows dropped', () => {
    using npk = NumPack.open(path)
    npk.save({ a: count(10) })
    npk.drop('a', [8, 9])
    npk.append({ a: [100] })
    expect(npk.load('a').toList()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 100])
    expect([...readFileSync(join(path, 'deleted_a.npkb'))]).toEqual([
      11,
      ...zeros(7),
      2,
      ...zeros(7),
      0xff,
      0b100,
      ...zeros(6),
    ])
  })

  test('scattered replace: each row gets its own values', () => {
    using npk = NumPack.open(path)
    npk.save({ a: count(1000).map(i => [i, i]) })
    npk.replace(
      {
        a: [
          [-1, -2],
          [-3, -4],
          [-5, -6],
        ],
      },
      [999, 3, 500],
    )
    expect(npk.getitem('a', [3, 500, 999, 4]).toList()).toEqual([
      [-3, -4],
      [-5, -6],
      [-1, -2],
      [4, 4],
    ])
  })

  test('physical rows in lazy slices: after a drop they are logical', () => {
    using npk = NumPack.open(path)
    npk.save({ a: count(10) })
    npk.drop('a', [0, 4])
    expect(npk.load('a', { lazy: true }).get(slice(2, 5)).toList()).toEqual([3, 5, 6])
  })

  test('a boolean mask is a mask, not rows 0 and 1', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [10, 11, 12] })
    npk.drop('a', [false, false, true])
    npk.replace({ a: [7] }, [false, true])
    expect(npk.load('a').toList()).toEqual([10, 7])
  })

  test('negatives and open slices of drop are logical, out of range is an error', () => {
    using npk = NumPack.open(path)
    npk.save({ a: count(10) })
    npk.drop('a', slice(0, 5))
    npk.drop('a', -1)
    npk.drop('a', slice(2))
    expect(npk.load('a').toList()).toEqual([5, 6])
    expect(() => npk.drop('a', 2)).toThrow(code('INDEX'))
  })

  test.each([
    ['cut off', Buffer.from('NPKB\x01\0\0\0', 'latin1')],
    ['of something else', Buffer.from('hello')],
    ['empty', Buffer.alloc(0)],
  ])('vanishing stores: metadata that is %s is never overwritten', (_what, bytes) => {
    mkdirSync(path)
    writeFileSync(join(path, 'metadata.npkm'), bytes)
    writeFileSync(join(path, 'data_a.npkd'), 'data')
    expect(() => NumPack.open(path)).toThrow(code('DAMAGED'))
    expect(readFileSync(join(path, 'metadata.npkm'))).toEqual(bytes)
    expect(readFileSync(join(path, 'data_a.npkd'), 'utf8')).toBe('data')
  })

  test('path escapes: a record that points outside is neither read, appended to nor removed', () => {
    const outside = join(root, 'precious.npkd')
    writeFileSync(outside, 'precious')
    mkdirSync(path)
    const record = {
      name: 'a',
      dtype: 'uint8',
      shape: [8],
      dataFile: '../precious.npkd',
      lastModified: 0,
      sizeBytes: 8,
    } as const
    writeFileSync(join(path, 'metadata.npkm'), encodeMetadata([record]))
    using npk = NumPack.open(path)
    for (const change of [
      () => npk.append({ a: Uint8Array.of(1) }),
      () => npk.drop('a', 0),
      () => npk.beginWritableBatch()[Symbol.dispose]() ?? npk.load('a'),
    ]) {
      expect(change).toThrow(code('PATH_ESCAPE'))
    }
    npk.save({ a: Uint8Array.of(1) })
    expect([npk.load('a').toList(), readFileSync(outside, 'utf8')]).toEqual([[1], 'precious'])
    npk.reset()
    expect(readFileSync(outside, 'utf8')).toBe('precious')
  })

  test('a batch that throws writes nothing; errors of writing come out of it', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    expect(() =>
      npk.batchMode(() => {
        npk.save({ a: [2] })
        throw new Error('mine')
      }),
    ).toThrow('mine')
    expect(npk.load('a').toList()).toEqual([1])
    expect(() => npk.batchMode(() => npk.save({ b: [1] }) ?? rmSync(path, { recursive: true }))).toThrow(path)
  })

  test('a reader that opens and closes changes no file', () => {
    {
      using npk = NumPack.open(path)
      npk.save({ a: count(3) })
      npk.drop('a', 0)
    }
    const files = () =>
      readdirSync(path).map(file => [file, statSync(join(path, file)).mtimeMs, statSync(join(path, file)).ino])
    const before = files()
    using npk = NumPack.open(path)
    npk.load('a')
    npk.close()
    expect(files()).toEqual(before)
  })

  test('a writable batch edits logical rows', () => {
    using npk = NumPack.open(path)
    npk.save({ a: count(4) })
    npk.drop('a', 0)
    npk.writableBatchMode(wb => wb.load('a').set(0, 50))
    npk.restore('a')
    expect(npk.load('a').toList()).toEqual([0, 50, 2, 3])
  })
})

const zeros = (length: number): number[] => Array.from({ length }, () => 0)

describe('arrays of numpy-ts', () => {
  test('are taken as they are, transposed and sliced ones too', () => {
    using npk = NumPack.open(path)
    const matrix = np.arange(0, 6, 1, 'float32').reshape(2, 3)
    npk.save({ whole: matrix, turned: matrix.T, part: matrix.slice(':', '1:') })
    expect(npk.load('whole').toList()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
    expect(npk.load('turned').toList()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ])
    expect(npk.load('part').toList()).toEqual([
      [1, 2],
      [4, 5],
    ])
    npk.append({ whole: matrix.slice('::-1') })
    expect(npk.getitem('whole', [3]).toList()).toEqual([[0, 1, 2]])
  })
})

describe('leftovers', () => {
  test('of writers that died are removed by the next writer, never by a reader; of running ones never', () => {
    {
      using npk = NumPack.open(path)
      npk.save({ a: [1] })
    }
    const ours = temporaryIn(path)
    writeFileSync(ours, 'half')
    writeFileSync(join(path, 'data_b.npkd.tmp'), 'NumPack is writing this now')
    writeFileSync(
      join(path, WRITE_LOG_FILE),
      Buffer.concat(encodeWriteLog({ bitmaps: [], rows: [], files: [] })).subarray(0, 9),
    )
    {
      using npk = NumPack.open(path, { readOnly: true })
      npk.load('a')
      expect(npk.warnings.join()).toContain('leftovers of an interrupted write')
      expect(existsSync(ours)).toBe(true)
    }
    using npk = NumPack.open(path)
    npk.append({ a: [2] })
    expect(readdirSync(path).filter(file => isTemporary(file) || file === WRITE_LOG_FILE)).toEqual([])
    expect(existsSync(join(path, 'data_b.npkd.tmp'))).toBe(true)
  })
})

test('two processes that append at once lose no row', async () => {
  {
    using npk = NumPack.open(path)
    npk.save({ a: new Int32Array(0), b: new Int32Array(1) })
    npk.drop('b', 0)
  }
  const index = new URL('../../index.ts', import.meta.url).href
  const script = `import { NumPack } from ${JSON.stringify(index)}
    using npk = NumPack.open(${JSON.stringify(path)})
    for (let i = 0; i < 25; i++) npk.append({ a: Int32Array.of(Number(process.argv[1]) + i), b: Int32Array.of(i) })`
  const children = [100, 200].map(start =>
    spawn(process.execPath, ['--input-type=module-typescript', '-e', script, String(start)], { stdio: 'inherit' }),
  )
  for (const [exitCode] of await Promise.all(children.map(child => once(child, 'exit')))) expect(exitCode).toBe(0)
  using npk = NumPack.open(path, { readOnly: true })
  const values = npk.load('a').toList() as number[]
  expect(values.toSorted((x, y) => x - y)).toEqual([...count(25).map(i => 100 + i), ...count(25).map(i => 200 + i)])
  expect(npk.getShape('b')).toEqual([50])
})
