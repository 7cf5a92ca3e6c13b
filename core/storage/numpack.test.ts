import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from './numpack.ts'
import { openFiles } from '../test-support/open-files.ts'
import { slice } from '../array/selection.ts'
import { handles, forceCleanupWindowsHandles } from '../system/handles.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'

const code = (expected: string) => expect.objectContaining({ code: expected })

const sixRows = (): ScratchStore =>
  new ScratchStore(
    { name: 'a', dtype: 'int32', shape: [6, 2], data: Int32Array.from({ length: 12 }, (_, i) => i), deleted: [0, 3] },
    { name: 'b', dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) },
    { name: 'scalar', dtype: 'int64', shape: [], data: BigInt64Array.of(7n) },
  )

describe('opening and closing', () => {
  test('constructing touches nothing; the first open needs the folder', () => {
    const npk = new NumPack('/no/such/folder', { readOnly: true })
    expect(npk.closed).toBe(true)
    expect(() => npk.open()).toThrow(code('NOT_FOUND'))
    expect(npk.closed).toBe(true)
    expect(() => new NumPack('')).toThrow(code('ARGUMENT'))
  })

  test('open and close are idempotent, and close works when the folder is gone', () => {
    const store = sixRows()
    const npk = new NumPack(store.path)
    npk.open()
    npk.open()
    expect(npk.closed).toBe(false)
    expect(npk.getShape('a')).toEqual([4, 2])
    store[Symbol.dispose]()
    npk.close()
    npk.close()
    expect(npk.closed).toBe(true)
    expect(() => npk.load('a')).toThrow(code('CLOSED'))
  })

  test('a closed store opens again; lazy arrays from before stay closed', () => {
    using store = sixRows()
    const npk = NumPack.open(store.path)
    const lazy = npk.load('a', { lazy: true })
    const batches = lazy.batches(1)
    batches.next()
    npk.close()
    expect(() => lazy.get(0)).toThrow(code('CLOSED'))
    expect(() => batches.next()).toThrow(code('CLOSED'))
    npk.open()
    expect(npk.load('b').toList()).toEqual([1, 2, 3])
    expect(() => lazy.get(0)).toThrow(code('CLOSED'))
    npk.close()
  })

  test('scopes: the outermost one closes', () => {
    using store = sixRows()
    const npk = new NumPack(store.path, { strictContextMode: true })
    expect(() => npk.open()).toThrow(code('STRICT_CONTEXT'))
    {
      using outer = npk.scope()
      expect(outer).toBe(npk)
      {
        using inner = npk.scope()
        expect(inner.hasArray('a')).toBe(true)
      }
      expect(npk.closed).toBe(false)
    }
    expect(npk.closed).toBe(true)
  })

  test('on Windows opening by hand warns once, unless it is told not to', async () => {
    using store = sixRows()
    // Each copy of the module warns once; on Windows, an earlier test has made this one do so.
    vi.resetModules()
    const { NumPack } = await import('./numpack.ts')
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const { platform } = process
    Object.defineProperty(process, 'platform', { value: 'win32' })
    const openByHand = (options?: { warnNoContext: boolean }): void => {
      const npk = new NumPack(store.path, options)
      npk.open()
      npk.close()
    }
    try {
      openByHand({ warnNoContext: false })
      NumPack.with(store.path, npk => npk.load('a'))
      expect(warn).not.toHaveBeenCalled()
      openByHand()
      openByHand()
      expect(warn).toHaveBeenCalledOnce()
    } finally {
      Object.defineProperty(process, 'platform', { value: platform })
      warn.mockRestore()
    }
  })

  test('with closes whatever happens, also after a promise', async () => {
    using store = sixRows()
    let seen: NumPack | undefined
    expect(NumPack.with(store.path, npk => (seen = npk).getShape('b'))).toEqual([3])
    expect(seen?.closed).toBe(true)
    const fails = (npk: NumPack): never => {
      seen = npk
      throw new Error('mine')
    }
    expect(() => NumPack.with(store.path, { readOnly: true }, fails)).toThrow('mine')
    expect(seen?.closed).toBe(true)
    const later = NumPack.with(store.path, async npk => {
      await Promise.resolve()
      return (seen = npk).load('b').size
    })
    expect(await later).toBe(3)
    expect(seen?.closed).toBe(true)
  })

  test('an empty folder is an empty store, but no store when it is only to be read', () => {
    using store = sixRows()
    for (const file of readdirSync(store.path)) rmSync(store.file(file))
    using npk = NumPack.open(store.path)
    expect(npk.getMemberList()).toEqual([])
    expect(() => NumPack.open(store.path, { readOnly: true })).toThrow(code('NOT_A_STORE'))
  })

  test('a file is no store', () => {
    using store = sixRows()
    expect(() => NumPack.open(store.file('metadata.npkm'))).toThrow(code('NOT_A_STORE'))
  })
})

describe('reading', () => {
  test('what is there', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    expect(npk.getMemberList()).toEqual(['a', 'b', 'scalar'])
    expect(npk.getShape()).toEqual({ a: [4, 2], b: [3], scalar: [] })
    expect([npk.hasArray('a'), npk.hasArray('c')]).toEqual([true, false])
    expect(npk.getModifyTime('a')).toBe(1_700_000_000_000_000)
    expect(npk.getMetadata()).toEqual({
      path: store.path,
      version: 1,
      totalSize: 68,
      arrays: {
        a: {
          dtype: 'int32',
          shape: [4, 2],
          physicalShape: [6, 2],
          deletedRows: 2,
          sizeBytes: 48,
          dataFile: 'data_a.npkd',
          lastModified: 1_700_000_000_000_000,
        },
        b: expect.objectContaining({ shape: [3], deletedRows: 0 }),
        scalar: expect.objectContaining({ shape: [] }),
      },
    })
    for (const action of [
      () => npk.load('c'),
      () => npk.getShape('c'),
      () => npk.getModifyTime('c'),
      () => npk.streamLoad('c'),
    ]) {
      expect(action).toThrow(code('NOT_FOUND'))
    }
  })

  test('getitem keeps the row axis', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    expect(npk.getitem('a', -1).toList()).toEqual([[10, 11]])
    expect(npk.getitem('a', [2, 0, 2]).toList()).toEqual([
      [8, 9],
      [2, 3],
      [8, 9],
    ])
    expect(npk.getitem('a', Uint8Array.of(1)).toList()).toEqual([[4, 5]])
    expect(npk.getitem('a', slice(1, 3)).toList()).toEqual([
      [4, 5],
      [8, 9],
    ])
    expect(npk.getitem('a', slice(null, null, 2)).toList()).toEqual([
      [2, 3],
      [8, 9],
    ])
    expect(npk.getitem('a', slice(null, null, -2)).toList()).toEqual([
      [10, 11],
      [4, 5],
    ])
    expect(npk.getitem('a', [false, true, false, false]).toList()).toEqual([[4, 5]])
    expect(() => npk.getitem('a', 4)).toThrow(code('INDEX'))
    expect(() => npk.getitem('scalar', 0)).toThrow(code('SHAPE'))
  })

  test('a lazy array', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    const lazy = npk.load('a', { lazy: true })
    expect([lazy.shape, lazy.ndim, lazy.size, lazy.dtype, lazy.nbytes, lazy.length]).toEqual([
      [4, 2],
      2,
      8,
      'int32',
      32,
      4,
    ])
    expect((lazy.get(0) as NDArray).toList()).toEqual([2, 3])
    expect(lazy.get(-1, 1)).toBe(11)
    expect([0, 1, 2, -1].map(i => lazy.physicalRow(i))).toEqual([1, 2, 4, 5])
    expect([...lazy.deletedRows]).toEqual([0, 3])
    expect([...lazy].map(row => (row as NDArray).toList())).toEqual([
      [2, 3],
      [4, 5],
      [8, 9],
      [10, 11],
    ])
    expect([...lazy.batches(3)].map(batch => batch.toList())).toEqual([
      [
        [2, 3],
        [4, 5],
        [8, 9],
      ],
      [[10, 11]],
    ])
    expect(() => lazy.physicalRow(4)).toThrow(code('INDEX'))
    expect(npk.load('scalar', { lazy: true }).get()).toBe(7n)
    expect(npk.load('scalar').toList()).toBe(7n)
  })

  test('batches that reuse memory', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    const seen: unknown[] = []
    const memory = new Set<ArrayBufferLike>()
    for (const batch of npk.streamLoad('a', 3, { reuse: true })) {
      seen.push(batch.toList())
      memory.add(batch.data.buffer)
    }
    expect(seen).toEqual([
      [
        [2, 3],
        [4, 5],
        [8, 9],
      ],
      [[10, 11]],
    ])
    expect(memory.size).toBe(1)
  })

  test('into an array that is there', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    const out = NDArray.zeros([2, 2], 'int32')
    expect(npk.load('a', { lazy: true }).getInto(out, slice(1, 3))).toBe(out)
    expect(out.toList()).toEqual([
      [4, 5],
      [8, 9],
    ])
    expect(() => npk.load('a', { lazy: true }).getInto(out)).toThrow(code('SHAPE'))
    expect(() => npk.load('b', { lazy: true }).getInto(NDArray.zeros([3]))).toThrow(code('DTYPE'))
  })

  test('streamLoad gives single rows, and refuses a wrong size at once', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    expect([...npk.streamLoad('a')].map(batch => batch.shape)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ])
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => npk.streamLoad('a', size)).toThrow(code('ARGUMENT'))
  })

  test('results are independent of each other and of what is read later', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    const lazy = npk.load('a', { lazy: true })
    const rows = [0, 1, 2, 3].map(i => lazy.get(i) as NDArray)
    rows[1]!.set(null, -1)
    expect(rows.map(row => row.toList())).toEqual([
      [2, 3],
      [-1, -1],
      [8, 9],
      [10, 11],
    ])
    expect(npk.load('a').get(1, 0)).toBe(4)
  })
})

describe('open files (counted by /proc/self/fd)', () => {
  beforeEach(ctx => {
    ctx.skip(process.platform !== 'linux', '/proc/self/fd is on Linux only')
    handles.closeAll()
  })

  test('none after opening: only metadata and bitmaps were read', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    npk.load('a', { lazy: true })
    npk.getMetadata()
    expect(openFiles(store.path)).toEqual([])
  })

  test('none after close, after a scope that throws and after an abandoned iterator', () => {
    using store = sixRows()
    const endings: ((npk: NumPack) => void)[] = [
      npk => npk.load('a'),
      npk => {
        for (const _ of npk.streamLoad('a')) break
      },
      npk => npk.streamLoad('a').next(),
      npk => {
        npk.load('b', { lazy: true })[Symbol.iterator]().next()
        expect(openFiles(store.path)).toHaveLength(1)
        expect(handles.openCount).toBe(1)
        throw new Error('mine')
      },
    ]
    const outcomes = endings.map(ending => {
      try {
        NumPack.with(store.path, ending)
        return 'done'
      } catch (error) {
        return (error as Error).message
      } finally {
        expect(openFiles(store.path)).toEqual([])
        expect(handles.openCount).toBe(0)
      }
    })
    expect(outcomes).toEqual(['done', 'done', 'done', 'mine'])
  })

  test('none after forceCleanupWindowsHandles, which says how many; arrays go on working', () => {
    using store = sixRows()
    using npk = NumPack.open(store.path)
    const lazy = npk.load('a', { lazy: true })
    lazy.get(0)
    npk.load('b')
    expect(forceCleanupWindowsHandles()).toBe(2)
    expect(openFiles(store.path)).toEqual([])
    expect((lazy.get(1) as NDArray).toList()).toEqual([4, 5])
    expect(openFiles(store.path)).toEqual([join(store.path, 'data_a.npkd')])
  })
})
