import { fstatSync, readdirSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import { disk } from '../system/files.ts'
import { packStore } from './pack.ts'
import { CountingControl, scratch } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'

const free = vi.hoisted(() => ({ bytes: undefined as number | undefined }))
vi.mock('node:fs', async load => {
  const fs = await load<typeof import('node:fs')>()
  return {
    ...fs,
    statfsSync: (path: string) => {
      const stat = fs.statfsSync(path)
      return free.bytes === undefined ? stat : Object.assign(stat, { bavail: free.bytes })
    },
  }
})

const whole = { ...disk }
afterEach(() => {
  Object.assign(disk, whole)
  free.bytes = undefined
})

const refusal = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code })

const EXPECTED = [[[10], [4], [5]], [2, 3], []]

async function writeAll(): Promise<unknown[]> {
  using folder = scratch()
  const path = folder.file('x.npk')
  NumPack.with(path, npk => {
    npk.save({ a: NDArray.from([[1], [2], [3]]), b: [1, 2] })
    npk.drop(['a', 'b'], 0)
    npk.append({ a: [[4]], b: [3] })
    npk.update('b')
    npk.replace({ a: [[9]] }, [0])
    npk.writableBatchMode(batch => batch.load('a').iadd(1))
  })
  const read = (): unknown =>
    NumPack.with(path, { readOnly: true }, npk => [npk.load('a').toList(), npk.load('b').toList(), npk.warnings])
  const written = read()
  const target = folder.file('x.npkg')
  const job = { source: path, target, compression: true, overwrite: true, version: 1, verify: true } as const
  for (let times = 0; times < 2; times++) await packStore(job, new CountingControl())
  NumPack.with(path, npk => npk.drop('b'))
  for (const store of [path, folder.file('y.npk')]) {
    await unpackFile({ source: target, target: store, overwrite: true, verify: true }, new CountingControl())
  }
  const leftovers = readdirSync(path).filter(file => file.endsWith('.tmp'))
  return [written, read(), readdirSync(folder.path).sort(), leftovers]
}

const DONE = [EXPECTED, EXPECTED, ['x.npk', 'x.npkg', 'y.npk'], []]

test.each(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF'])(
  'a disk that refuses to sync folders with %s is written to',
  async code => {
    const refuse = (fd: number): void => {
      if (fstatSync(fd).isDirectory()) throw refusal(code)
    }
    disk.sync = fd => {
      refuse(fd)
      whole.sync(fd)
    }
    expect(await writeAll()).toEqual(DONE)
  },
)

test.each(['EPROTO', 'EROFS', 'EACCES', 'EXDEV', 'EPERM', 'EOPNOTSUPP'])(
  'a disk that refuses symbolic or hard links with %s is written to',
  async code => {
    disk.symlink = () => {
      throw refusal(code)
    }
    expect(await writeAll()).toEqual(DONE)
    disk.symlink = whole.symlink
    disk.link = disk.symlink = () => {
      throw refusal(code)
    }
    expect(await writeAll()).toEqual(DONE)
  },
)

test.each(['rename', 'unlink', 'removeFolder'] as const)(
  'a %s that is refused twice, because another program uses the file, is done all the same',
  async step => {
    let refusals = 0
    const isRefused = (): boolean => refusals++ % 3 < 2
    Object.assign(disk, {
      [step]: (...args: [string, string]) => {
        if (isRefused()) throw refusal('EBUSY')
        return whole[step](...args)
      },
    })
    expect(await writeAll()).toEqual(DONE)
    expect(refusals).toBeGreaterThan(3)
  },
)

test('a rename that is refused all the time is an error after a bounded number of attempts', () => {
  using folder = scratch()
  using npk = NumPack.open(folder.file('x.npk'))
  let attempts = 0
  disk.rename = () => {
    attempts++
    throw refusal('EBUSY')
  }
  expect(() => npk.save({ a: [1] })).toThrow(expect.objectContaining({ code: 'IO' }))
  expect(attempts).toBeLessThan(40)
  expect(npk.getMemberList()).toEqual([])
})

test('a disk that reports no free space is written to until it refuses', async () => {
  free.bytes = 0
  expect(await writeAll()).toEqual(DONE)
})
