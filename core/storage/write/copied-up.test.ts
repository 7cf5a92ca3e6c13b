import { spawnSync } from 'node:child_process'
import { constants, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { NDArray } from '../../array/ndarray.ts'
import { mountOverlay, NO_OVERLAY } from '../../test-support/overlay.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { noStrace } from '../../test-support/strace.ts'
import { disk } from '../../system/files.ts'
import { NumPack } from '../numpack.ts'
import { testUnless } from '../../test-support/test-unless.ts'

const OVERLAY = 0x794c7630
const reported = vi.hoisted(() => ({ type: undefined as number | undefined }))
vi.mock('node:fs', async load => {
  const fs = await load<typeof import('node:fs')>()
  return {
    ...fs,
    statfsSync: (path: string) => {
      const stat = fs.statfsSync(path)
      return reported.type === undefined ? stat : Object.assign(stat, { type: reported.type })
    },
  }
})

const whole = { ...disk }
afterEach(() => {
  Object.assign(disk, whole)
  reported.type = undefined
})

const ELEMENTS = 20_000_000

test.for(['same', 'own'] as const)(
  'a store in a lower layer of an overlayfs on the %s disk is edited as any other, and an array that is open gives the new values',
  { timeout: 120_000 },
  (lowerDisk, { skip }) => {
    using overlay = mountOverlay(lower => {
      NumPack.with(join(lower, 's.npk'), npk => {
        const a = NDArray.from(new Float32Array(ELEMENTS).fill(1))
        npk.save({
          a,
          b: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        })
        npk.drop('b', 1)
      })
    }, lowerDisk)
    if (overlay === null) return skip(NO_OVERLAY)
    const path = join(overlay.path, 's.npk')
    using npk = NumPack.open(path)
    const lazy = npk.load('a', { lazy: true })
    expect(lazy.get(0)).toBe(1)
    npk.writableBatchMode(batch => {
      const a = batch.load('a')
      a.iadd(1)
      a.iadd(1)
    })
    expect((npk.load('a').data as Float32Array).every(value => value === 3)).toBe(true)
    expect([lazy.get(0), lazy.get(ELEMENTS - 1)]).toEqual([3, 3])
    npk.replace({ b: [[7, 8]] }, [1])
    npk.append({ b: [[9, 10]] })
    npk.restore('b', [1])
    expect(npk.load('b').toList()).toEqual([
      [1, 2],
      [3, 4],
      [7, 8],
      [9, 10],
    ])
    return undefined
  },
)

// Newer kernels keep the identity of a file that they copy up.
testUnless(process.platform === 'linux' ? null : 'only Linux has overlayfs')(
  'an array that is open sees an edit in place of a file that gets another identity when it is first opened for writing',
  () => {
    using store = new ScratchStore({ name: 'a', dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 3) })
    using npk = NumPack.open(store.path)
    const lazy = npk.load('a', { lazy: true })
    expect(lazy.get(0)).toBe(1)
    reported.type = OVERLAY
    let copies = 0
    disk.open = (path, flags, mode) => {
      if (path.endsWith('.npkd') && (flags & constants.O_RDWR) !== 0 && copies++ === 0) {
        spawnSync('cp', ['-p', path, `${path}.copy`])
        renameSync(`${path}.copy`, path)
      }
      return whole.open(path, flags, mode)
    }
    npk.writableBatchMode(batch => batch.load('a').iadd(1))
    expect(copies).toBeGreaterThan(1)
    expect(lazy.toList()).toEqual([2, 3, 4])
  },
)

test('where the system refuses statx, arrays that are open see an edit in place', ctx => {
  const reason = noStrace()
  if (reason !== null) ctx.skip(reason)
  using store = new ScratchStore({ name: 'a', dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 3) })
  const script = `
    import { NumPack } from ${JSON.stringify(new URL('../../index.ts', import.meta.url).href)}
    using npk = NumPack.open(${JSON.stringify(store.path)})
    const lazy = npk.load('a', { lazy: true })
    const before = lazy.toList()
    npk.writableBatchMode(batch => batch.load('a').iadd(1))
    npk.append({ a: Int32Array.of(9) })
    console.log(JSON.stringify([before, lazy.toList(), npk.load('a').toList()]))`
  const inject = ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=statx:error=ENOSYS']
  const node = [process.execPath, '--input-type=module-typescript', '-e', script]
  const { stdout, stderr } = spawnSync('strace', [...inject, ...node], { encoding: 'utf8' })
  expect(stderr.replace(/.*Warning.*\n?/g, '')).toBe('')
  expect(stdout.trim()).toBe('[[1,2,3],[2,3,4],[2,3,4,9]]')
})
