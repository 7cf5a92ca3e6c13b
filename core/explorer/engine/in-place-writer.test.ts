import { removeFolder } from '../../test-support/remove-folder.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, realpathSync, utimesSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NDArray } from '../../array/ndarray.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { NumPack } from '../../storage/numpack.ts'
import { handles } from '../../system/handles.ts'
import { fingerprintOf } from './array-files.ts'
import { OpenStore } from './open-store.ts'
import { rowSetOf } from './row-sets.ts'
import { NO_PROC } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'

const ROWS = 100_000

let folder = ''
let path = ''
let file = ''

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'in-place-')))
  path = join(folder, 'a.npk')
  file = join(path, 'data_a.npkd')
  NumPack.with(path, npk => npk.save({ a: NDArray.from(new Float64Array(ROWS), { shape: [ROWS] }) }))
  utimesSync(file, 1e9, 1e9)
})

afterEach(() => {
  vi.useRealTimers()
  removeFolder(folder)
})

/** Writes one element as a memory mapping does on some file systems: the file keeps its time. */
function writeWithoutTime(row: number, value: number): void {
  const fd = openSync(file, 'r+')
  writeSync(fd, Buffer.from(Float64Array.of(value).buffer), 0, 8, 8 * row)
  closeSync(fd)
  utimesSync(file, 1e9, 1e9)
}

function show(store: OpenStore, rows: [number, number]): Uint8Array {
  const read = (from: ArrayReader): Uint8Array =>
    from.readBlock({ rowSet: rowSetOf(from, 'active'), rows, columns: [0, 1], index: [] }).bytes
  return store.read('a', reader => {
    const bytes = read(reader)
    store.noteShown('a', read, bytes)
    reader.source.close()
    return bytes
  })
}

test('writes that leave no trace in the file’s time are seen again and again, as long as their rows are shown', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const store = new OpenStore(1, path, 0)
  const rows: [number, number] = [5000, 5030]
  show(store, rows)
  for (const value of [1, 2, 3]) {
    vi.advanceTimersByTime(2000)
    expect(store.watch()).toBe('same')
    writeWithoutTime(5007, value)
    vi.advanceTimersByTime(2000)
    expect(store.watch()).toBe('changed')
    expect(new Float64Array(show(store, rows).slice().buffer)[7]).toBe(value)
  }
  store.close()
})

test('a write that leaves no trace in the file’s time is seen when it comes before the first look', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const store = new OpenStore(1, path, 0)
  show(store, [5000, 5030])
  writeWithoutTime(5007, 1)
  vi.advanceTimersByTime(2000)
  expect(store.watch()).toBe('changed')
  store.close()
})

test('a write that leaves no trace in the file’s time is seen in the samples beside the rows that are shown', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const store = new OpenStore(1, path, 0)
  show(store, [5000, 5030])
  vi.advanceTimersByTime(2000)
  expect(store.watch()).toBe('same')
  writeWithoutTime(0, 1)
  vi.advanceTimersByTime(2000)
  expect(store.watch()).toBe('changed')
  store.close()
})

test('looking at the content leaves no file open', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const store = new OpenStore(1, path, 0)
  show(store, [0, 30])
  store.close()
  vi.advanceTimersByTime(2000)
  expect(store.watch()).toBe('same')
  expect([...handles.openPaths].filter(open => open.startsWith(folder))).toEqual([])
})

testUnless(NO_PROC)(
  'while another process has the file open for writing, no kept statistics belong to it',
  { timeout: 60_000 },
  async () => {
    const store = new OpenStore(1, path, 0)
    const fingerprint = (): string => store.read('a', reader => fingerprintOf(path, reader))
    const before = fingerprint()
    expect(fingerprint()).toBe(before)
    const program = "require('fs').openSync(process.argv[1], 'r+'); console.log('open'); process.stdin.resume()"
    const writer = spawn(process.execPath, ['-e', program, file], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(writer.stdout, 'data')
    expect(fingerprint()).not.toBe(before)
    expect(fingerprint()).not.toBe(fingerprint())
    writer.stdin.end()
    await once(writer, 'close')
    expect(fingerprint()).toBe(before)
    store.close()
  },
)
