import { removeFolder } from '../../test-support/remove-folder.ts'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pack } from '../../packages/index.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../../storage/numpack.ts'
import type { ExplorerEvent, Reply, StoreInfo } from '../contract/types.ts'
import { OpenPackage } from '../engine/open-package.ts'
import type { ExplorerHost } from './host.ts'
import { startTestHost, TestWindow } from './test-support/test-host.ts'

let folder: string
let host: ExplorerHost
let window: TestWindow

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'changing-')))
  host = startTestHost(join(folder, 'data'), { cacheFolder: join(folder, 'cache') })
  window = new TestWindow(host)
})

afterEach(async () => {
  await host.close()
  removeFolder(folder)
})

const ROWS = 4000

async function packageOf(value: number): Promise<string> {
  const store = join(folder, `${value}.npk`)
  NumPack.with(store, npk => npk.save({ a: NDArray.from(new Uint8Array(ROWS).fill(value), { shape: [ROWS] }) }))
  return pack(store, null, { compression: false })
}

const open = async (path: string): Promise<StoreInfo> => (await window.get('openStore', { path })).store

const readRows = ({ id }: Pick<StoreInfo, 'id'>): Promise<Reply> =>
  window.ask('readWindow', {
    store: id,
    array: 'a',
    rowSet: 'active',
    rows: [0, ROWS],
    columns: [0, 1],
    index: [],
  })

const changed = (is: (store: StoreInfo) => boolean): Promise<StoreInfo> =>
  window.event((event: ExplorerEvent) => (event.type === 'storeChanged' && is(event.store) ? event.store : undefined))

test('a package that is overwritten in place never gives rows of one content as those of another', async () => {
  const contents = await Promise.all([1, 2].map(async value => readFileSync(await packageOf(value))))
  expect(contents[0]!.length).toBe(contents[1]!.length)
  const path = join(folder, 'x.npkg')
  writeFileSync(path, contents[0]!)
  const store = await open(path)
  const values = new Map<number, number>()
  for (let turn = 1; turn <= 30; turn++) {
    for (let i = 0; i < 3; i++) {
      const reply = await readRows(store)
      if (!reply.ok) continue
      const { generation } = reply.result as { generation: number }
      const found = [...new Set(new Uint8Array(reply.bytes!))]
      expect(found).toEqual([values.get(generation) ?? found[0]])
      values.set(generation, found[0]!)
    }
    writeFileSync(path, contents[turn % 2]!)
  }
  expect(values.size).toBeGreaterThan(1)
})

const HIDE: Record<string, (away: string, at: string) => void> = {
  'symbolic links that go round in a circle': (_, at) => symlinkSync(at, at),
  'a file in the place of its folder': (_, at) => writeFileSync(at, ''),
  'nothing at all': () => {},
}

test.each(Object.entries(HIDE))(
  'a package whose path can not be looked at is its own problem only (%s)',
  async (_, hide) => {
    const inside = join(folder, 'inside')
    mkdirSync(inside)
    renameSync(await packageOf(1), join(inside, 'x.npkg'))
    const store = await open(join(inside, 'x.npkg'))
    const other = await open(await packageOf(2))
    renameSync(inside, join(folder, 'away'))
    hide(join(folder, 'away'), inside)
    const broken = await changed(({ id, problem }) => id === store.id && problem !== null)
    expect(broken.problem).toContain('x.npkg')
    expect((await readRows(other)).ok).toBe(true)
    rmSync(inside, { force: true })
    renameSync(join(folder, 'away'), inside)
    await changed(({ id, problem }) => id === store.id && problem === null)
    expect((await readRows(store)).ok).toBe(true)
  },
)

test('a folder that no folder can be is passed over when a target is suggested', async () => {
  const source = join(folder, 'x.npk')
  for (const last of ['a\0b', join(folder, 'x'.repeat(300)), `/${'y/'.repeat(3000)}`, join(source, 'below')]) {
    const { target } = await window.get('suggestTarget', { kind: 'backup', source, folder: last })
    expect(target).toBe(join(folder, 'x.npkg'))
  }
})

const LISTENERS = { onEvent: () => {}, onReadable: () => {} }

test('a package that is overwritten while its rows are read throws CHANGED_ON_DISK', async () => {
  const [path, other] = await Promise.all([packageOf(1), packageOf(2)])
  const toOpen = { id: 1, path, generation: 0, cacheFolder: null, spoolBytes: () => 1e9, ...LISTENERS }
  const opened = await OpenPackage.open(toOpen)
  try {
    expect(() => opened.read('a', () => writeFileSync(path, readFileSync(other)))).toThrow(
      expect.objectContaining({ code: 'CHANGED_ON_DISK' }),
    )
  } finally {
    opened.close()
  }
})
