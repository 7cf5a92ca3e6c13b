import { removeFolder } from '../../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeMetadata } from '../../format/metadata.ts'
import { WRITE_LOG_FILE } from '../read/write-log.ts'
import { LOCK_FILE } from '../../format/names.ts'
import { NumPack } from '../numpack.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { type Step, watchDisk } from '../test-support/watch-disk.ts'

let root = ''
let path = ''
let outside = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-hostile-'))
  path = join(root, 'store.npk')
  outside = join(root, 'outside')
  mkdirSync(outside)
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ name: 'NumPackError', code: expected })
const typed = expect.objectContaining({ name: 'NumPackError' })

function errorOf(work: () => unknown): unknown {
  try {
    work()
    return null
  } catch (error) {
    return error
  }
}

function exchanged(
  file: string,
  target: string,
  when: (step: Step, args: readonly unknown[]) => boolean,
  work: () => void,
): unknown {
  let done = false
  return watchDisk(
    (step, args) => {
      if (done || !when(step, args)) return
      done = true
      renameSync(file, `${file}.away`)
      symlinkSync(target, file)
    },
    () => {
      const error = errorOf(work)
      expect(done, 'exchanged').toBe(true)
      return error
    },
  )
}

function useAll(): string {
  const index = new URL('../../index.ts', import.meta.url).href
  const script = `import { NumPack } from ${JSON.stringify(index)}
    const path = ${JSON.stringify(path)}
    for (const work of [
      () => NumPack.with(path, { readOnly: true }, npk => npk.load('a')),
      () => NumPack.with(path, npk => npk.load('a')),
      () => NumPack.with(path, npk => npk.append({ a: [1] })),
      () => NumPack.with(path, npk => npk.replace({ a: [1] }, 0)),
      () => NumPack.with(path, npk => npk.writableBatchMode(wb => wb.load('a').iadd(1))),
      () => NumPack.with(path, npk => npk.drop(['a', 'b'], 0)),
      () => NumPack.with(path, npk => npk.update('a')),
      () => NumPack.with(path, npk => npk.remove('a')),
      () => NumPack.open(path, { dropIfExists: true }).close(),
    ]) {
      try { work() } catch (error) { if (error.name !== 'NumPackError') throw error }
    }
    console.log('done')`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  return `${stdout}${stderr}`
}

function plant(header: unknown, body: Uint8Array = new Uint8Array(0), headerBytes?: number): void {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const head = Buffer.alloc(12)
  head.write('NPKI', 'latin1')
  head.writeUInt32LE(headerBytes ?? json.length, 4)
  head.writeUInt32LE(crc32(body, crc32(json)), 8)
  writeFileSync(join(path, WRITE_LOG_FILE), Buffer.concat([head, json, body]))
}

const recordOf = (): string => readFileSync(join(path, 'metadata.npkm')).subarray(20).toString('base64')
const numbers = (...values: number[]): Buffer => Buffer.from(Float64Array.from(values).buffer)

describe('a file that another writer exchanges for a link after it was looked at', () => {
  const CHANGES: readonly [string, (npk: NumPack) => void][] = [
    ['replace', npk => npk.replace({ a: Uint8Array.of(7, 7) }, [0, 1])],
    ['append', npk => npk.append({ a: Uint8Array.of(7) })],
    ['an edit in place', npk => npk.writableBatchMode(wb => void wb.load('a').iadd(1))],
  ]

  test.each(CHANGES)('is not written to by %s', (_what, change) => {
    const precious = join(outside, '.profile')
    writeFileSync(precious, 'precious')
    using npk = NumPack.open(path)
    npk.save({ a: new Uint8Array(8) })
    const data = join(path, 'data_a.npkd')
    const isOpening = (step: Step, args: readonly unknown[]): boolean => step === 'open' && args[0] === data
    const error = exchanged(data, precious, isOpening, () => change(npk))
    expect(error).toEqual(typed)
    expect(readFileSync(precious, 'utf8')).toBe('precious')
  })

  test.each(CHANGES)('is not written to by %s, when it is the folder of a segment', (_what, change) => {
    using store = new ScratchStore({ name: 'a', dtype: 'uint8', shape: [8], data: new Uint8Array(8), segments: [4, 4] })
    cpSync(store.path, path, { recursive: true })
    const precious = join(outside, 'seg_000000.npkd')
    const other = join(outside, 'seg_000001.npkd')
    for (const file of [precious, other]) writeFileSync(file, 'precious')
    using npk = NumPack.open(path)
    npk.load('a')
    const folder = join(path, 'data_a_segments')
    const isOpening = (step: Step, args: readonly unknown[]): boolean =>
      step === 'open' && dirname(String(args[0])) === folder
    const error = exchanged(folder, outside, isOpening, () => change(npk))
    expect(error).toEqual(typed)
    expect([precious, other].map(file => readFileSync(file, 'utf8'))).toEqual(['precious', 'precious'])
  })

  test('is no way for new segments to get out', () => {
    using store = new ScratchStore({ name: 'a', dtype: 'uint8', shape: [0], data: new Uint8Array(0), segments: [] })
    cpSync(store.path, path, { recursive: true })
    const folder = join(path, 'data_a_segments')
    removeFolder(folder)
    symlinkSync(outside, folder)
    expect(errorOf(() => NumPack.with(path, npk => npk.append({ a: Uint8Array.of(1) })))).toEqual(code('PATH_ESCAPE'))
    expect(readdirSync(outside)).toEqual([])
  })
})

describe('links, pipes and folders in the place of files', () => {
  const FILES = ['metadata.npkm', 'data_a.npkd', 'deleted_a.npkb', WRITE_LOG_FILE]

  beforeEach(() => {
    using npk = NumPack.open(path)
    npk.save({ a: [1, 2, 3], b: [4] })
    npk.drop('a', 0)
    cpSync(path, join(outside, 'copy.npk'), { recursive: true })
    writeFileSync(join(outside, 'copy.npk', WRITE_LOG_FILE), 'mine')
  })

  test.each(FILES)('a link in the place of %s: nothing that it leads to is read, changed or removed', file => {
    rmSync(join(path, file), { force: true })
    const target = join(outside, 'copy.npk', file)
    symlinkSync(target, join(path, file))
    const before = readFileSync(target)
    expect(useAll()).toBe('done\n')
    expect(readFileSync(target)).toEqual(before)
  })

  test.runIf(process.platform !== 'win32').each([...FILES, LOCK_FILE])(
    'a pipe in the place of %s is not waited for',
    file => {
      rmSync(join(path, file), { force: true })
      spawnSync('mkfifo', [join(path, file)])
      expect(useAll()).toBe('done\n')
    },
  )

  test.each([...FILES, LOCK_FILE])('a folder in the place of %s is not touched', file => {
    rmSync(join(path, file), { force: true })
    mkdirSync(join(path, file))
    writeFileSync(join(path, file, 'mine'), 'mine')
    expect(useAll()).toBe('done\n')
    expect(readFileSync(join(path, file, 'mine'), 'utf8')).toBe('mine')
  })

  test('metadata that is a link is not taken for an empty store', () => {
    rmSync(join(path, 'metadata.npkm'))
    symlinkSync(join(outside, 'nothing'), join(path, 'metadata.npkm'))
    expect(() => NumPack.open(path)).toThrow(code('PATH_ESCAPE'))
  })

  test('dropIfExists removes files that NumPack names, and no others', () => {
    for (const file of ['important.tmp', 'notes.txt', 'data_2024.csv']) writeFileSync(join(path, file), 'mine')
    mkdirSync(join(path, 'data_2024_segments', 'photos'), { recursive: true })
    symlinkSync(outside, join(path, 'data_x_segments'))
    writeFileSync(join(outside, 'seg_000000.npkd'), 'mine')
    NumPack.open(path, { dropIfExists: true }).close()
    expect(readdirSync(path).sort()).toEqual([
      LOCK_FILE,
      'data_2024.csv',
      'data_2024_segments',
      'data_x_segments',
      'important.tmp',
      'metadata.npkm',
      'notes.txt',
    ])
    expect(readFileSync(join(outside, 'seg_000000.npkd'), 'utf8')).toBe('mine')
  })

  test('a record whose data is a file of another name loses nothing of it by writes and removal', () => {
    mkdirSync(join(path, 'photos'))
    writeFileSync(join(path, 'photos', 'me.npkd'), '12345678')
    const record = {
      name: 'p',
      dtype: 'uint8',
      shape: [8],
      dataFile: 'photos/me.npkd',
      lastModified: 0,
      sizeBytes: 8,
    } as const
    writeFileSync(join(path, 'metadata.npkm'), encodeMetadata([record]))
    using npk = NumPack.open(path)
    expect(npk.load('p').toList()).toEqual([...Buffer.from('12345678')])
    expect(() => npk.append({ p: Uint8Array.of(1) })).toThrow(code('PATH_ESCAPE'))
    expect(() => npk.replace({ p: Uint8Array.of(1) }, 0)).toThrow(code('PATH_ESCAPE'))
    npk.save({ p: Uint8Array.of(1) })
    npk.reset()
    expect(readFileSync(join(path, 'photos', 'me.npkd'), 'utf8')).toBe('12345678')
  })
})

describe('a write log that came with the store', () => {
  beforeEach(() => NumPack.with(path, npk => npk.save({ a: Uint8Array.of(1, 2, 3) })))

  const NONE = { bitmaps: [], rows: [], files: [] }

  test.each<[string, () => void]>([
    ['has no JSON', () => plant('{')],
    ['is JSON of another kind', () => plant('null')],
    ['is an empty object', () => plant({})],
    ['has no lists', () => plant({ bitmaps: 1, rows: {}, files: 'x' })],
    ['has entries of the wrong kind', () => plant({ ...NONE, bitmaps: [null], rows: [7], files: [{}] })],
    ['says that its header is longer than the file', () => plant(NONE, undefined, 0xffffffff)],
    [
      'has a bitmap beyond its end',
      () => plant({ ...NONE, bitmaps: [{ name: 'a', record: recordOf(), bytes: 2 ** 40 }] }),
    ],
    ['has a negative length', () => plant({ ...NONE, bitmaps: [{ name: 'a', record: recordOf(), bytes: -24 }] })],
    [
      'has a bitmap that is too short',
      () => plant({ ...NONE, bitmaps: [{ name: 'a', record: recordOf(), bytes: 3 }] }, Uint8Array.of(1, 2, 3)),
    ],
    [
      'has a bitmap of other rows',
      () => plant({ ...NONE, bitmaps: [{ name: 'a', record: recordOf(), bytes: 24 }] }, new Uint8Array(24).fill(255)),
    ],
    [
      'has rows beyond its end',
      () => plant({ ...NONE, rows: [{ name: 'a', record: recordOf(), runs: 2 ** 50, bytes: 1 }] }),
    ],
    [
      'has an old bitmap of another kind',
      () => plant({ ...NONE, bitmaps: [{ name: 'a', record: recordOf(), bytes: null, old: { size: -1, crc: 'x' } }] }),
    ],
    [
      'has old rows beyond its end',
      () =>
        plant(
          { ...NONE, rows: [{ name: 'a', record: recordOf(), runs: 1, bytes: 1, hasOld: true }] },
          Buffer.concat([numbers(0), numbers(1), Buffer.alloc(1, 9)]),
        ),
    ],
    ...(
      [
        ['beyond the array', [3], [1], 1],
        ['far beyond the array', [2 ** 53], [1], 1],
        ['before the array', [-1], [1], 1],
        ['between the bytes', [0.5], [1], 1],
        ['at no number', [Number.NaN], [1], 1],
        ['of other lengths than its bytes', [0], [3], 1],
        ['of no length', [0, 0], [0, 1], 1],
        ['over each other', [0, 0], [1, 1], 2],
      ] as const
    ).map(([what, positions, lengths, bytes]): [string, () => void] => [
      `has rows ${what}`,
      () =>
        plant(
          { ...NONE, rows: [{ name: 'a', record: recordOf(), runs: positions.length, bytes }] },
          Buffer.concat([numbers(...positions), numbers(...lengths), Buffer.alloc(bytes, 9)]),
        ),
    ]),
  ])('and %s says nothing, to readers and to writers', (_what, put) => {
    put()
    expect(NumPack.with(path, { readOnly: true }, npk => npk.load('a').toList())).toEqual([1, 2, 3])
    put()
    NumPack.with(path, npk => {
      expect(npk.load('a').toList()).toEqual([1, 2, 3])
      npk.append({ a: Uint8Array.of(4) })
      expect(npk.load('a').toList()).toEqual([1, 2, 3, 4])
    })
    expect(existsSync(join(path, WRITE_LOG_FILE))).toBe(false)
  })

  test('and names other files removes only data files and bitmaps that no array uses', () => {
    const mine = ['notes.txt', 'photos/me.jpg', 'photos/seg_000000.npkd', LOCK_FILE]
    mkdirSync(join(path, 'photos'))
    for (const file of mine.slice(0, 3)) writeFileSync(join(path, file), 'mine')
    symlinkSync(outside, join(path, 'data_x_segments'))
    writeFileSync(join(outside, 'seg_000000.npkd'), 'mine')
    const files = [
      ...mine,
      'metadata.npkm',
      'data_a.npkd',
      'data_x_segments/seg_000000.npkd',
      '../outside/seg_000000.npkd',
    ]
    plant({ ...NONE, files })
    NumPack.open(path).close()
    for (const file of mine) expect(existsSync(join(path, file)), file).toBe(true)
    expect(readFileSync(join(outside, 'seg_000000.npkd'), 'utf8')).toBe('mine')
    expect(NumPack.with(path, npk => npk.load('a').toList())).toEqual([1, 2, 3])
  })

  test('and is larger than any that the engine writes is not read', () => {
    plant(NONE)
    truncateSync(join(path, WRITE_LOG_FILE), 2 ** 40)
    expect(NumPack.with(path, { readOnly: true }, npk => npk.load('a').toList())).toEqual([1, 2, 3])
    NumPack.with(path, npk => npk.append({ a: Uint8Array.of(4) }))
    expect(existsSync(join(path, WRITE_LOG_FILE))).toBe(false)
  })
})
