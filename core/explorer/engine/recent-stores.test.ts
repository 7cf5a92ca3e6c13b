import path from 'node:path'
import { expect, test } from 'vitest'
import type { Json } from '../../database/recents.ts'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { isNetworkPath } from '../contract/network-path.ts'
import { DiskCalls } from './disk-calls.ts'
import { PathLooks } from './path-looks.ts'
import { arrangedPlaceOf, listRecents } from './recent-stores.ts'

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/stores')

test('paths of other machines are known on Windows, in each spelling', () => {
  const remote = ['\\\\host\\share\\a.npk', '//host/share', '\\/host', '\\\\?\\UNC\\host\\share', '\\\\.\\pipe\\x']
  for (const one of remote) expect(isNetworkPath(one, 'win32'), one).toBe(true)
  for (const one of ['C:\\data', '\\\\?\\C:\\data', '\\\\.\\c:\\data', '\\data', 'a.npk', ''])
    expect(isNetworkPath(one, 'win32'), one).toBe(false)
  expect(isNetworkPath('//data/a.npk', 'linux')).toBe(false)
})

test('recent stores on other machines are listed without being looked at', async () => {
  const recents = new MemoryRecents()
  const entry = { sizeBytes: 1, arrayCount: 1 }
  const here = path.join(FIXTURES, 'deleted.npk')
  for (const [file, name] of [
    [here, 'deleted.npk'],
    ['/missing/a.npk', 'a.npk'],
    ['/remote/b.npkg', 'b.npkg'],
  ] as const)
    recents.opened({ path: file, name, ...entry })
  const listed = await listRecents(recents, new PathLooks(new DiskCalls()), file => file.startsWith('/remote/'))
  expect(Object.fromEntries(listed.map(({ path, kind, missing }) => [path, [kind, missing]]))).toEqual({
    [here]: ['store', false],
    '/missing/a.npk': ['store', true],
    '/remote/b.npkg': ['package', false],
  })
})

test('a place that nests deeper than any stack is not read', () => {
  const nested = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as Json
  const place = { array: 'a', row: 0, column: 0, rowSet: 'active', index: [], shownAs: null }
  expect(arrangedPlaceOf({ ...place, arrangement: { locations: [], viewStates: [['a', nested]] } })).toBeNull()
  expect(arrangedPlaceOf({ ...place, arrangement: 7 })).toMatchObject({ array: 'a', arrangement: { locations: [] } })
})
