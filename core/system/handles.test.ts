import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { statPath } from './file-stat.ts'
import { HandlePool, PooledFile } from './handles.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const files = (store: ScratchStore, pool: HandlePool, count: number): PooledFile[] =>
  Array.from({ length: count }, (_, i) => {
    const path = store.file(`file ${i}`)
    writeFileSync(path, Uint8Array.of(i, i, i))
    return new PooledFile(pool, path, statPath(path))
  })

const byteOf = (file: PooledFile): number => {
  const byte = new Uint8Array(1)
  file.read(byte, 0, 1, 1)
  return byte[0]!
}

test('files open when they are read and close when nobody reads them for a while', () => {
  using store = new ScratchStore()
  const pool = new HandlePool({ idleMs: 1000 })
  const [busy, idle] = files(store, pool, 2)
  expect(pool.openCount).toBe(0)
  byteOf(idle!)
  for (let second = 0; second < 5; second++) {
    byteOf(busy!)
    vi.advanceTimersByTime(1000)
  }
  expect(pool.openCount).toBe(1)
  vi.advanceTimersByTime(2000)
  expect(pool.openCount).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
  expect([byteOf(busy!), byteOf(idle!)]).toEqual([0, 1])
  expect(pool.closeAll()).toBe(2)
  expect(pool.openCount).toBe(0)
})

test('no more files are open than allowed: those unread for longest give way', () => {
  using store = new ScratchStore()
  const pool = new HandlePool({ maxOpen: 3 })
  const all = files(store, pool, 5)
  for (let round = 0; round < 3; round++) {
    expect(all.map(byteOf)).toEqual([0, 1, 2, 3, 4])
    expect(pool.openCount).toBe(3)
  }
  pool.closeAll()
})

test('a file that took the name of another is not read', () => {
  using store = new ScratchStore()
  const pool = new HandlePool()
  const [file, other] = files(store, pool, 2)
  const wrong = new PooledFile(pool, file!.path, other!.identity)
  expect(() => byteOf(wrong)).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }))
  expect(pool.openCount).toBe(0)
})

test('reading a file that vanished or ends early says so', () => {
  using store = new ScratchStore()
  const pool = new HandlePool()
  const [file] = files(store, pool, 1)
  expect(() => file!.read(new Uint8Array(9), 0, 9, 0)).toThrow(expect.objectContaining({ code: 'CHANGED_ON_DISK' }))
  expect(() => pool.readFile(store.file('nothing'))).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  expect(() => pool.readFile(store.path)).toThrow(expect.objectContaining({ code: 'DAMAGED' }))
  pool.closeAll()
  expect(pool.openCount).toBe(0)
})
