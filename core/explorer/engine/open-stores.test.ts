import { removeFolder } from '../../test-support/remove-folder.ts'
import { copyFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NumPack } from '../../storage/numpack.ts'
import { linkFiles } from '../../test-support/link-files.ts'
import type { ExplorerEvent } from '../contract/types.ts'
import { OpenStores } from './open-stores.ts'

const PACKAGES = join(import.meta.dirname, '../../fixtures/stores')

let folder: string
let stores: OpenStores
const events: ExplorerEvent[] = []

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'open-stores-')))
  events.length = 0
  stores = new OpenStores({
    stores: [{ id: 3, path: join(folder, 'b.npk') }],
    firstGeneration: 0,
    lastStoreId: 7,
    cacheFolder: null,
    spoolBytes: () => 0,
    followsLinks: () => false,
    onEvent: event => events.push(event),
    onWatched: () => {},
  })
})

afterEach(() => {
  stores.closeAll()
  removeFolder(folder)
})

function makeStore(): string {
  const path = join(folder, 'a.npk')
  NumPack.with(path, npk => npk.save({ a: [1] }))
  return path
}

test('the id of a store that earlier engines had is not given again, whichever are still open', async () => {
  expect((await stores.open(makeStore())).id).toBe(8)
})

test('a store whose links are followed from now on is sent once, whether that changes its arrays or not', async () => {
  const path = makeStore()
  linkFiles(path, join(folder, 'annex'), name => name === 'data_a.npkd')
  await stores.open(path)
  for (let times = 0; times < 2; times++) {
    events.length = 0
    await stores.followLinks(path, true)
    expect(events).toMatchObject([
      { type: 'storeChanged', store: { followsLinks: true, arrays: [{ name: 'a', isBehindLink: false }] } },
    ])
  }
})

test('a package that was replaced before its links are followed is opened again', async () => {
  const path = join(folder, 'a.npkg')
  copyFileSync(join(PACKAGES, 'deleted-v1-zstd.npkg'), path)
  const { id } = await stores.open(path)
  rmSync(path)
  copyFileSync(join(PACKAGES, 'dtypes-v0-zstd.npkg'), path)
  await stores.followLinks(path, true)
  const { store } = events[0] as Extract<ExplorerEvent, { type: 'storeChanged' }>
  expect(events).toMatchObject([{ type: 'storeChanged', store: { id, path } }])
  expect(store.arrays.map(({ name }) => name)).toContain('bool_1d')
})
