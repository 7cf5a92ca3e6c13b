import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeBitmap } from '../../format/bitmap.ts'
import { LIMITS } from '../../format/limits.ts'
import { METADATA_FILE } from '../../format/names.ts'
import { handles } from '../../system/handles.ts'
import { bitmapBudget, MemoryShare } from '../../system/memory-share.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { NumPack } from '../numpack.ts'
import { WRITE_LOG_FILE } from '../read/write-log.ts'
import { killedAtEachStep, watchDisk } from '../test-support/watch-disk.ts'
import { NO_FOLDER_SYNC, NO_PROC } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'

/** A write log that its writer could not remove, in a store that NumPack has changed since, without the metadata. */

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-left-log-'))
  path = join(root, 'store.npk')
})
afterEach(() => removeFolder(root))

function leaveWriteLog(operation: (npk: NumPack) => void): void {
  using npk = NumPack.open(path)
  watchDisk(
    (step, args) => {
      if (step === 'unlink' && String(args[0]).endsWith(WRITE_LOG_FILE))
        throw Object.assign(new Error(), { code: 'EIO' })
    },
    () => operation(npk),
  )
  expect(readdirSync(path)).toContain(WRITE_LOG_FILE)
}

function dataOf(name: string): string {
  const { arrays } = NumPack.with(path, { readOnly: true }, npk => npk.getMetadata())
  return join(path, arrays[name]?.dataFile ?? '')
}

function replaceInPlace(name: string, element: number, value: number): void {
  const bytes = readFileSync(dataOf(name))
  bytes.writeDoubleLE(value, 8 * element)
  writeFileSync(dataOf(name), bytes)
}

const dropInPlace = (name: string, rows: number, dropped: readonly number[]): void =>
  writeFileSync(
    join(path, `deleted_${name}.npkb`),
    encodeBitmap(rows, row => dropped.includes(row)),
  )

/** Holds all the memory that open stores may have for bitmaps. */
function fillBitmapBudget(): Disposable {
  const others = new MemoryShare(bitmapBudget)
  others.bytes = bitmapBudget.limit
  return others
}

function rowsSeen(name: string): unknown[] {
  const read = (): unknown => NumPack.with(path, { readOnly: true }, npk => npk.load(name).toList())
  const seen = [read()]
  NumPack.with(path, npk => {
    seen.push(npk.load(name).toList())
    npk.save({ after: [1] })
    seen.push(npk.load(name).toList())
  })
  expect(readdirSync(path)).not.toContain(WRITE_LOG_FILE)
  return [...seen, read()]
}

const row = (value: number): number[] => Array.from({ length: 300 }, () => value)
const always = (rows: readonly unknown[]): unknown[] => [rows, rows, rows, rows]

describe('a write log that was left in the store', () => {
  beforeEach(() =>
    NumPack.with(path, npk => {
      npk.save({ a: Float64Array.of(1, 2, 3, 4), b: Float64Array.of(1, 2, 3, 4) })
    }),
  )

  test('keeps its rows off those that NumPack has replaced since, and applies to the others', () => {
    leaveWriteLog(npk => npk.replace({ a: Float64Array.of(100, 200, 300) }, [0, 2, 3]))
    replaceInPlace('a', 0, 777)
    replaceInPlace('a', 1, 888)
    replaceInPlace('a', 2, 3)
    expect(rowsSeen('a')).toEqual(always([777, 888, 200, 300]))
  })

  test('of very many scattered rows is finished for those that its writer had not written yet', () => {
    const STEP = 4098
    const rows = Array.from({ length: LIMITS.writeLogOldReads + 2 }, (_, i) => i * STEP)
    NumPack.with(path, npk => npk.save({ s: new Uint8Array((rows.at(-1) ?? 0) + 1) }))
    leaveWriteLog(npk => npk.replace({ s: new Uint8Array(rows.length).fill(7) }, rows))
    // Two numbers and a new byte for each run, and no old one.
    expect(statSync(join(path, WRITE_LOG_FILE)).size).toBeLessThan(18 * rows.length)
    const file = dataOf('s')
    const bytes = readFileSync(file)
    for (const row of rows.slice(100)) bytes[row] = 0
    writeFileSync(file, bytes)
    const replaced = (npk: NumPack): unknown[] => [...new Set(npk.getitem('s', rows).toList() as number[])]
    expect(NumPack.with(path, { readOnly: true }, replaced)).toEqual([7])
    expect(NumPack.with(path, replaced)).toEqual([7])
    expect(readdirSync(path)).not.toContain(WRITE_LOG_FILE)
    const written = readFileSync(file)
    expect(rows.every(row => written[row] === 7)).toBe(true)
  })

  test('changes nothing if NumPack has replaced all of its rows since', () => {
    leaveWriteLog(npk => npk.replace({ a: Float64Array.of(100, 200), b: Float64Array.of(100, 200) }, [0, 3]))
    for (const row of [0, 3]) replaceInPlace('a', row, 777)
    expect(rowsSeen('a')).toEqual(always([777, 2, 3, 777]))
    expect(rowsSeen('b')).toEqual(always([100, 2, 3, 200]))
  })

  test('applies to a row of which its writer wrote only a part, however long the row is', () => {
    NumPack.with(path, npk => npk.save({ m: [row(1.1), row(2.2)] }))
    leaveWriteLog(npk => npk.replace({ m: [row(3.3)] }, [1]))
    const bytes = readFileSync(dataOf('m'))
    for (const [from, to] of [
      [512, 1024],
      [1536, 2048],
      [2203, 2400],
    ] as const) {
      Buffer.from(Float64Array.from(row(2.2)).buffer).copy(bytes, 2400 + from, from, to)
    }
    writeFileSync(dataOf('m'), bytes)
    expect(rowsSeen('m')).toEqual(always([row(1.1), row(3.3)]))
  })

  test('keeps its row off one of which NumPack has replaced a single element since', () => {
    NumPack.with(path, npk => npk.save({ m: [row(1.1), row(2.2)] }))
    leaveWriteLog(npk => npk.replace({ m: [row(3.3)] }, [1]))
    replaceInPlace('m', 300 + 200, 777)
    expect(rowsSeen('m')).toEqual(always([row(1.1), row(3.3).with(200, 777)]))
  })

  test('applies to bools that NumPack stored as other bytes than 0 and 1', () => {
    NumPack.with(path, npk => npk.save({ f: [false, false, false] }))
    writeFileSync(dataOf('f'), Uint8Array.of(0, 5, 6))
    leaveWriteLog(npk => npk.replace({ f: [false, true] }, [1, 2]))
    writeFileSync(dataOf('f'), Uint8Array.of(0, 5, 6))
    expect(rowsSeen('f')).toEqual(always([false, false, true]))
  })

  const left: [string, (npk: NumPack) => void, number[]][] = [
    ['drop of several arrays', npk => npk.drop(['a', 'b'], [0]), [4]],
    ['drop of several arrays that had deleted rows', npk => [npk.drop('a', 0), npk.drop(['a', 'b'], [0])], [4]],
    ['save over deleted rows', npk => [npk.drop('a', 0), npk.save({ a: Float64Array.of(5, 6, 7, 8) })], [8]],
    ['an update', npk => [npk.append({ a: [5] }), npk.drop('a', 0), npk.update('a')], [5]],
    ['an append to deleted rows', npk => [npk.drop('a', 3), npk.append({ a: Float64Array.of(9) })], [4, 9]],
  ]
  test.each(left)('of %s keeps its bitmap off rows that NumPack has dropped since', (_what, operation, rows) => {
    leaveWriteLog(operation)
    const physical = NumPack.with(path, { readOnly: true }, npk => npk.getMetadata().arrays['a']?.physicalShape[0] ?? 0)
    dropInPlace('a', physical, [0, 1, 2])
    expect(rowsSeen('a')).toEqual(always(rows))
  })

  test('of replaced rows stays while other stores hold the memory for bitmaps, and is finished afterwards', () => {
    NumPack.with(path, npk => npk.drop('a', 0))
    leaveWriteLog(npk => npk.replace({ a: Float64Array.of(20, 40) }, [0, 2]))
    replaceInPlace('a', 3, 4)
    {
      using _ = fillBitmapBudget()
      using npk = NumPack.open(path)
      const reason = expect.stringMatching(/close other stores/) as string
      expect(npk.damaged).toEqual([{ name: 'a', reason }])
      expect(() => npk.save({ after: [1] })).toThrow(expect.objectContaining({ code: 'IO', message: reason }))
    }
    expect(readdirSync(path)).toContain(WRITE_LOG_FILE)
    expect(rowsSeen('a')).toEqual(always([20, 3, 40]))
  })

  test('of replaced rows stays while NumPack replaces the data file again and again', () => {
    leaveWriteLog(npk => npk.replace({ a: Float64Array.of(20, 40) }, [1, 3]))
    replaceInPlace('a', 3, 4)
    const file = dataOf('a')
    const open = handles.opening.bind(handles)
    const opening = vi.spyOn(handles, 'opening').mockImplementation((opened, work) => {
      if (opened === file) {
        copyFileSync(file, `${file}.new`)
        renameSync(`${file}.new`, file)
      }
      return open(opened, work)
    })
    try {
      NumPack.with(path, npk => {
        expect(() => npk.save({ after: [1] })).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }))
      })
    } finally {
      opening.mockRestore()
    }
    expect(rowsSeen('a')).toEqual(always([1, 20, 3, 40]))
  })

  test('of replaced rows stays while the segment lists of other arrays leave no room for that of its array', () => {
    const data = Float64Array.of(1, 2)
    const array = (name: string) => ({ name, dtype: 'float64' as const, shape: [2], data, segments: [2] })
    using store = new ScratchStore(array('before'), array('s'))
    path = store.path
    leaveWriteLog(npk => npk.replace({ s: Float64Array.of(20) }, [1]))
    const segment = store.file('data_s_segments/seg_000000.npkd')
    writeFileSync(segment, data)
    const list = store.file('data_before.npkseg')
    const json = readFileSync(list, 'utf8')
    writeFileSync(list, json.padEnd(LIMITS.segmentListBytes))
    NumPack.with(path, npk => {
      expect(() => npk.save({ after: [1] })).toThrow(expect.objectContaining({ code: 'IO' }))
    })
    writeFileSync(list, json)
    expect(rowsSeen('s')).toEqual(always([1, 20]))
    expect(readFileSync(segment).readDoubleLE(8)).toBe(20)
  })

  const unopened: [string, () => Disposable][] = [
    ['other stores hold the memory for bitmaps', fillBitmapBudget],
    [
      'the data file is gone',
      () => {
        const file = dataOf('a')
        renameSync(file, `${file}.away`)
        return { [Symbol.dispose]: () => renameSync(`${file}.away`, file) }
      },
    ],
  ]
  test.each(unopened)('of a drop keeps its bitmap off that of NumPack while %s', (_why, prevent) => {
    leaveWriteLog(npk => npk.drop(['a', 'b'], [0]))
    dropInPlace('a', 4, [0, 1, 2])
    {
      using _ = prevent()
      using npk = NumPack.open(path)
      expect(npk.damaged.map(({ name }) => name)).toContain('a')
      npk.save({ after: [1] })
    }
    expect(rowsSeen('a')).toEqual(always([4]))
    expect(rowsSeen('b')).toEqual(always([2, 3, 4]))
  })
})

const contentOfA = (store: string): unknown => NumPack.with(store, { readOnly: true }, npk => npk.load('a').toList())

test('a copy of a store without its metadata keeps the data files that an interrupted write names', () => {
  using npk = NumPack.open(path)
  npk.save({ a: Float64Array.of(1) })
  const copies = killedAtEachStep(path, () => npk.save({ a: Float64Array.of(5, 6) }))
  for (const copy of copies) {
    const state = contentOfA(copy)
    const metadata = readFileSync(join(copy, METADATA_FILE))
    rmSync(join(copy, METADATA_FILE))
    expect(() => NumPack.open(copy)).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
    writeFileSync(join(copy, METADATA_FILE), metadata)
    expect(contentOfA(copy)).toEqual(state)
  }
})

testUnless(NO_PROC)(
  'after a replace that a failing disk refuses, the old rows are there and the store can be written',
  () => {
    NumPack.with(path, npk => npk.save({ a: new Float64Array(4096).fill(1), other: Float64Array.of(1) }))
    const bad = dataOf('a')
    const failure = { code: 'EIO', syscall: 'write' }
    using npk = NumPack.open(path)
    watchDisk(
      (step, args) => {
        const [fd, , , length, at] = args as number[]
        const isBadBlock = step === 'write' && at! < 8192 && at! + length! > 4096
        if (isBadBlock && readlinkSync(`/proc/self/fd/${fd}`) === bad) throw Object.assign(new Error(), failure)
      },
      () => {
        expect(() => npk.replace({ a: Float64Array.of(7, 7) }, [0, 600])).toThrow(bad)
        expect(npk.load('a').toList()).toEqual(Array.from({ length: 4096 }, () => 1))
        npk.append({ other: Float64Array.of(2) })
        npk.save({ fresh: Float64Array.of(3) })
        npk.remove('a')
      },
    )
    expect(readdirSync(path)).not.toContain(WRITE_LOG_FILE)
    expect(npk.getMemberList().toSorted()).toEqual(['fresh', 'other'])
  },
)

testUnless(NO_FOLDER_SYNC)(
  'the removal of a write log without old values is synced, so that no power cut brings it back',
  () => {
    NumPack.with(path, npk => npk.save({ a: new Uint8Array(2 * LIMITS.writeLogOldRuns + 2) }))
    using npk = NumPack.open(path)
    const rows = Array.from({ length: LIMITS.writeLogOldRuns + 1 }, (_, i) => 2 * i)
    const steps: string[] = []
    watchDisk(
      (step, args) => {
        if (step === 'unlink' && String(args[0]).endsWith(WRITE_LOG_FILE)) steps.length = 0
        steps.push(step)
      },
      () => npk.replace({ a: new Uint8Array(rows.length).fill(7) }, rows),
    )
    expect(steps[0]).toBe('unlink')
    expect(steps).toContain('sync')
  },
)
