import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getPackageInfo } from '../../packages/index.ts'
import { NumPack } from '../../storage/numpack.ts'
import { linkFiles } from '../../test-support/link-files.ts'
import type { StoreInfo } from '../contract/types.ts'
import type { ExplorerHost } from './host.ts'
import { codeOf, startTestHost, TestWindow } from './test-support/test-host.ts'

let folder: string
let path: string
let host: ExplorerHost
let window: TestWindow

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'linked-')))
  path = join(folder, 'linked.npk')
  NumPack.with(path, npk => npk.save({ a: Float64Array.of(1, 2, 3), b: Float64Array.of(4) }))
  start()
})

afterEach(async () => {
  await host.close()
  removeFolder(folder)
})

function start(): void {
  host = startTestHost(join(folder, 'data'))
  window = new TestWindow(host)
}

const open = async (): Promise<StoreInfo> => (await window.get('openStore', { path })).store

const behindLinks = ({ arrays }: StoreInfo): boolean[] => arrays.map(({ isBehindLink }) => isBehindLink)

async function readFirstRow({ id }: StoreInfo): Promise<number | string | undefined> {
  const reply = await window.ask('readWindow', {
    store: id,
    array: 'a',
    rowSet: 'active',
    rows: [0, 1],
    columns: [0, 1],
    index: [],
  })
  return reply.ok ? new Float64Array(reply.bytes!.slice(0, 8))[0] : codeOf(reply)
}

test('an array behind a link is read once the user allowed it, also after a restart, until it is forbidden', async () => {
  linkFiles(path, join(folder, 'annex'), name => name === 'data_a.npkd')
  const store = await open()
  expect(store.followsLinks).toBe(false)
  expect(behindLinks(store)).toEqual([true, false])
  expect(await readFirstRow(store)).toBe('PATH_ESCAPE')

  await window.get('followLinks', { path, follow: true })
  const allowed = await window.event(event =>
    event.type === 'storeChanged' && event.store.followsLinks ? event.store : undefined,
  )
  expect(behindLinks(allowed)).toEqual([false, false])
  expect(await readFirstRow(allowed)).toBe(1)

  await host.close()
  start()
  const again = await open()
  expect(again.followsLinks).toBe(true)
  expect(await readFirstRow(again)).toBe(1)

  await window.get('followLinks', { path, follow: false })
  expect(await readFirstRow(await open())).toBe('PATH_ESCAPE')
})

test('a store whose metadata is behind a link opens once the user allowed it', async () => {
  linkFiles(path, join(folder, 'annex'))
  expect(codeOf(await window.ask('openStore', { path }))).toBe('PATH_ESCAPE')
  await window.get('followLinks', { path, follow: true })
  expect(await readFirstRow(await open())).toBe(1)
})

test('links of other stores stay unread, and a backup takes nothing from behind a link', async () => {
  const other = join(folder, 'other.npk')
  NumPack.with(other, npk => npk.save({ a: Float64Array.of(1) }))
  for (const store of [path, other]) linkFiles(store, `${store}-annex`, name => name === 'data_a.npkd')
  await window.get('followLinks', { path, follow: true })
  expect(behindLinks((await window.get('openStore', { path: other })).store)).toEqual([true])

  await open()
  const target = join(folder, 'backup.npkg')
  const params = { source: path, target, overwrite: false }
  const { task } = await window.get('startTask', { kind: 'backup', params })
  const error = await window.event(event =>
    event.type === 'taskChanged' && event.task.id === task.id && event.task.state === 'failed'
      ? event.task.error
      : undefined,
  )
  expect(error).toMatchObject({ code: 'PATH_ESCAPE' })
  await expect(getPackageInfo(target)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
