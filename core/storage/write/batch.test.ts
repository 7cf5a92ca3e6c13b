import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { readFirstColumn, twoColumns } from '../test-support/two-columns.ts'
import { watchDisk } from '../test-support/watch-disk.ts'

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-batch-'))
  path = join(root, 'store.npk')
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ code: expected })
const expectNotFound = (call: () => unknown): void => expect(call).toThrow(code('NOT_FOUND'))

function rowsOf(name: string): unknown {
  using npk = NumPack.open(path, { readOnly: true })
  return npk.load(name).toList()
}

/** Runs a batch that looks at the store and then saves `a`; another writer changes the store in between. */
function saveAfter(look: (npk: NumPack) => unknown, change: (beside: NumPack) => void): void {
  using npk = NumPack.open(path)
  using beside = NumPack.open(path)
  npk.batchMode(() => {
    look(npk)
    change(beside)
    npk.save({ a: [0] })
  })
}

describe('batch', () => {
  test('every call sees the state so far; all of it is written at the end, at once', () => {
    using npk = NumPack.open(path)
    npk.save({ a: twoColumns(4, 'float64'), b: [1], c: [1] })
    using reader = NumPack.open(path, { readOnly: true })
    npk.batchMode(() => {
      npk.append({ a: [[9, 9]] })
      npk.drop('a', [0])
      npk.replace({ a: [8, 8] }, -1n)
      npk.save({ d: [5] })
      npk.clone('d', 'e')
      npk.remove('c')
      expect(npk.getShape()).toEqual({ a: [4, 2], b: [1], d: [1], e: [1] })
      expect(npk.getMemberList()).toEqual(['a', 'b', 'd', 'e'])
      expect([npk.hasArray('c'), npk.hasArray('d')]).toEqual([false, true])
      expect((npk.getitem('a', -1).toList() as number[][])[0]).toEqual([8, 8])
      expect(npk.load('d', { lazy: true }).get(0)).toBe(5)
      expect([...npk.streamLoad('a', 3)].map(block => block.length)).toEqual([3, 1])
      expect(npk.load('a')).toBe(npk.load('a'))
      expect(() => npk.load('c')).toThrow(code('NOT_FOUND'))
      expect(reader.getShape()).toEqual({ a: [4, 2], b: [1], c: [1] })
    })
    expect(reader.getShape()).toEqual({ a: [4, 2], b: [1], d: [1], e: [1] })
    expect(readFirstColumn(path, 'a')).toEqual([1, 2, 3, 8])
  })

  test('update makes drops final; appending or replacing no rows changes nothing', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1, 2, 3], b: [1, 2, 3] })
    npk.drop(['a', 'b'], [0])
    npk.batchMode(() => {
      npk.update('a')
      npk.append({ b: [] })
      npk.replace({ b: [] }, [])
    })
    expect([npk.restore('a'), npk.restore('b')]).toEqual([0, 1])
    expect([npk.load('a').toList(), npk.load('b').toList()]).toEqual([
      [2, 3],
      [1, 2, 3],
    ])
  })

  test('what is saved goes by reference; what is only loaded and changed is not written', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1, 2], b: [1, 2] })
    const before = npk.getModifyTime('b')
    npk.batchMode(() => {
      const a = npk.load('a')
      a.set(0, 70)
      npk.save({ a })
      a.set(1, 71)
      npk.load('b').set(0, 70)
    })
    expect([npk.load('a').toList(), npk.load('b').toList()]).toEqual([
      [70, 71],
      [1, 2],
    ])
    expect(npk.getModifyTime('b')).toBe(before)
  })

  test('nothing is written when it throws, at once or later, or is discarded', async () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    const fail = (): void => {
      npk.save({ a: [2], b: [2] })
      throw new Error('my own')
    }
    expect(() => npk.batchMode(fail)).toThrow('my own')
    await expect(npk.batchMode(async () => fail())).rejects.toThrow('my own')
    {
      using batch = npk.beginBatch()
      npk.reset()
      expect(npk.getMemberList()).toEqual([])
      expect(batch).toBeDefined()
    }
    expect([npk.getMemberList(), npk.load('a').toList()]).toEqual([['a'], [1]])
  })

  test('closing the store discards the batch, and its commit says so', () => {
    const npk = NumPack.open(path)
    const batch = npk.beginBatch()
    npk.save({ a: [1] })
    npk.close()
    expect(() => batch.commit()).toThrow(code('CLOSED'))
    using again = NumPack.open(path)
    expect(again.getMemberList()).toEqual([])
  })

  test('an inner batch joins the outer one; commit writes', async () => {
    using npk = NumPack.open(path)
    await npk.batchMode(async () => {
      await Promise.resolve()
      npk.batchMode(() => npk.save({ inner: [1] }))
      using reader = NumPack.open(path)
      expect(reader.getMemberList()).toEqual([])
    })
    using batch = npk.beginBatch()
    npk.save({ more: [1] })
    batch.commit()
    expect(rowsOf('inner')).toEqual([1])
    expect(npk.getMemberList()).toEqual(['inner', 'more'])
  })
})

describe('a batch beside other writers and tasks', () => {
  const changes: [string, (npk: NumPack) => void][] = [
    ['appends', npk => npk.append({ a: [10] })],
    ['replaces rows', npk => npk.replace({ a: [10] }, 0)],
    ['drops rows', npk => npk.drop('a', 0)],
    ['updates', npk => npk.update('a')],
    ['removes', npk => npk.remove('a')],
    ['saves what it loaded', npk => npk.save({ a: npk.load('a') })],
  ]
  const others: [string, (npk: NumPack) => void, unknown][] = [
    ['appended', npk => npk.append({ a: [4] }), [2, 3, 4]],
    ['dropped rows', npk => npk.drop('a', 0), [3]],
    ['saved', npk => npk.save({ a: [7] }), [7]],
  ]
  test.each(
    changes.flatMap(([does, change]) => others.map(([did, other, left]) => ({ does, change, did, other, left }))),
  )(
    'a batch that $does what another writer $did writes nothing and throws CHANGED_ON_DISK',
    ({ change, other, left }) => {
      using npk = NumPack.open(path)
      npk.save({ a: [1, 2, 3], b: [1] })
      npk.drop('a', 0)
      using beside = NumPack.open(path)
      const batch = npk.beginBatch()
      npk.save({ b: [2] })
      change(npk)
      other(beside)
      expect(() => batch.commit()).toThrow(code('CHANGED_ON_DISK'))
      batch.discard()
      expect([rowsOf('a'), rowsOf('b')]).toEqual([left, [1]])
    },
  )

  const looks: [string, (npk: NumPack) => unknown][] = [
    ['loaded', npk => npk.load('a')],
    ['opened lazily', npk => npk.load('a', { lazy: true })],
    ['read rows of', npk => npk.getitem('a', 0)],
    ['streamed', npk => [...npk.streamLoad('a', 10)]],
    ['asked the shape of', npk => npk.getShape('a')],
    ['asked all shapes, so that of', npk => npk.getShape()],
    ['asked the time of', npk => npk.getModifyTime('a')],
    ['asked the metadata of', npk => npk.getMetadata()],
    ['cloned', npk => npk.clone('a', 'copy')],
    ['removed', npk => npk.remove('a')],
    ['reset, and with it', npk => npk.reset()],
  ]
  const saves: [string, (npk: NumPack) => void][] = [
    ['saves', npk => npk.save({ a: [0] })],
    ['removes and saves', npk => [npk.hasArray('a') && npk.remove('a'), npk.save({ a: [0] })]],
    ['saves and appends to', npk => [npk.save({ a: [0] }), npk.append({ a: [1] })]],
    ['saves and removes', npk => [npk.save({ a: [0] }), npk.remove('a')]],
  ]
  test.each(
    looks.flatMap(([looked, look]) =>
      saves.flatMap(([does, change]) =>
        others.map(([did, other, left]) => ({ looked, look, does, change, did, other, left })),
      ),
    ),
  )(
    'a batch that $looked an array, and $does it after another writer $did, writes nothing and throws CHANGED_ON_DISK',
    ({ look, change, other, left }) => {
      using npk = NumPack.open(path)
      npk.save({ a: [1, 2, 3] })
      npk.drop('a', 0)
      using beside = NumPack.open(path)
      const batch = npk.beginBatch()
      look(npk)
      other(beside)
      change(npk)
      expect(() => batch.commit()).toThrow(code('CHANGED_ON_DISK'))
      expect(rowsOf('a')).toEqual(left)
    },
  )

  const misses: [string, (npk: NumPack) => unknown][] = [
    ['asked for it', npk => npk.hasArray('a')],
    ['listed the arrays', npk => npk.getMemberList()],
    ['asked all shapes', npk => npk.getShape()],
    ['asked for metadata', npk => npk.getMetadata()],
    ['tried to load it', npk => expectNotFound(() => npk.load('a'))],
    ['tried to remove it', npk => expectNotFound(() => npk.remove('a'))],
    ['cloned another array to it', npk => npk.clone('b', 'a')],
    ['saved and removed it', npk => [npk.save({ a: [1] }), npk.remove('a')]],
  ]
  test.each(misses)(
    'a batch that %s, and saves an array which another writer has made since, writes nothing and throws CHANGED_ON_DISK',
    (_, look) => {
      NumPack.with(path, npk => npk.save({ b: [1] }))
      expect(() => saveAfter(look, beside => beside.save({ a: [7] }))).toThrow(code('CHANGED_ON_DISK'))
      expect(rowsOf('a')).toEqual([7])
    },
  )

  const existence: [string, (npk: NumPack) => unknown][] = [
    ['asked whether there is', npk => npk.hasArray('a')],
    ['listed', npk => npk.getMemberList()],
  ]
  test.each(existence)(
    'a batch that %s an array replaces it whatever it holds, but only if it is still there',
    (_, look) => {
      NumPack.with(path, npk => npk.save({ a: [1] }))
      saveAfter(look, beside => beside.append({ a: [2] }))
      expect(rowsOf('a')).toEqual([0])
      expect(() => saveAfter(look, beside => beside.remove('a'))).toThrow(code('CHANGED_ON_DISK'))
      using npk = NumPack.open(path, { readOnly: true })
      expect(npk.hasArray('a')).toBe(false)
    },
  )

  test('a batch that saves without a look creates or replaces, whatever another writer does', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1], b: [1], c: [1] })
    using beside = NumPack.open(path)
    npk.batchMode(() => {
      npk.save({ a: [0], b: [0], new: [0] })
      npk.append({ a: [0] })
      expect(npk.getMemberList()).toEqual(['a', 'b', 'c', 'new'])
      expect(npk.hasArray('new')).toBe(true)
      beside.append({ a: [2] })
      beside.remove('b')
      beside.save({ new: [2] })
    })
    expect([rowsOf('a'), rowsOf('b'), rowsOf('c'), rowsOf('new')]).toEqual([[0, 0], [0], [1], [0]])
  })

  test('a batch keeps what another writer wrote to arrays that it only read or did not touch', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1], b: [1], c: [1] })
    using beside = NumPack.open(path)
    npk.batchMode(() => {
      npk.load('b')
      npk.append({ a: [2] })
      beside.append({ b: [5], c: [5] })
    })
    expect([rowsOf('a'), rowsOf('b'), rowsOf('c')]).toEqual([
      [1, 2],
      [1, 5],
      [1, 5],
    ])
  })

  test('a batch that can not be written stays open and can be committed again', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    using batch = npk.beginBatch()
    npk.append({ a: [2] })
    watchDisk(
      step => {
        if (step === 'write') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
      },
      () => expect(() => batch.commit()).toThrow(code('NO_SPACE')),
    )
    expect(rowsOf('a')).toEqual([1])
    batch.commit()
    expect(rowsOf('a')).toEqual([1, 2])
    expect(() => batch.commit()).toThrow(code('CLOSED'))
  })

  test('a batch does not cover what other tasks write while it runs', async () => {
    using npk = NumPack.open(path)
    npk.save({ a: [1] })
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const failing = npk.batchMode(async () => {
      npk.save({ a: [2] })
      begun.resolve()
      await go.promise
      expect(npk.load('a').toList()).toEqual([2])
      throw new Error('my own')
    })
    await begun.promise
    expect(npk.load('a').toList()).toEqual([1])
    npk.save({ b: [1] })
    go.resolve()
    await expect(failing).rejects.toThrow('my own')
    expect([rowsOf('a'), rowsOf('b')]).toEqual([[1], [1]])
  })

  test('a batch begun by hand covers a task whose own batch has ended', () => {
    const npk = NumPack.open(path)
    const reopenWithin = (): void =>
      npk.batchMode(() => {
        npk.close()
        npk.open()
        const batch = npk.beginBatch()
        npk.save({ a: [1] })
        batch.discard()
      })
    expect(reopenWithin).toThrow(code('CLOSED'))
    expect(npk.getMemberList()).toEqual([])
    npk.close()
  })

  test('two batches of two tasks are two batches', async () => {
    using npk = NumPack.open(path)
    const both = [1, 2].map(value =>
      npk.batchMode(async () => {
        npk.save({ [`a${value}`]: [value] })
        await Promise.resolve()
        expect(npk.getMemberList()).toEqual([`a${value}`])
      }),
    )
    await Promise.all(both)
    expect(npk.getMemberList()).toEqual(['a1', 'a2'])
  })
})

describe('append in a batch', () => {
  test('rows that are appended one after another are all there, and an array loaded in between keeps its own', () => {
    using npk = NumPack.open(path)
    npk.save({ a: [[0, 0]] })
    const loaded: NDArray[] = []
    npk.batchMode(() => {
      for (let i = 1; i < 40; i++) {
        npk.append({ a: [[i, -i]] })
        if (i % 7 === 0) loaded.push(npk.load('a'))
      }
      for (const array of loaded) array.set(0, 99)
      expect(npk.getShape('a')).toEqual([40, 2])
    })
    expect(rowsOf('a')).toEqual(Array.from({ length: 40 }, (_, i) => [i, i === 0 ? 0 : -i]))
    expect(loaded.map(array => array.length)).toEqual([8, 15, 22, 29, 36])
  })
})
