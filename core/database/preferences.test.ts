import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, test } from 'vitest'
import { openRecents, RECENTS_FILE } from './open-recents.ts'
import type { Json, Recents } from './recents.ts'

let folder: string
let notices: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preferences-'))
  notices = []
  return () => removeFolder(folder)
})

type Options = Partial<Parameters<typeof openRecents>[0]>

const open = (options: Options = {}): Promise<Recents> =>
  openRecents({ folder, onNotice: message => notices.push(message), ...options })

const nested = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json

const refusal = expect.objectContaining({ code: 'ARGUMENT' }) as Error

describe.each<[string, Options]>([
  ['in SQLite', {}],
  ['in memory', { loadSqlite: () => Promise.reject(new Error('Could not locate the bindings file')) }],
])('recents %s', (_, options) => {
  test('keep a preference of 16 KB and refuse a larger one', async () => {
    const recents = await open(options)
    // 16,384 bytes of JSON with the quotes; each letter has two bytes.
    recents.setPreference('a', 'ü'.repeat(8191))
    expect(() => recents.setPreference('a', 'ü'.repeat(8192))).toThrow(refusal)
    expect(recents.preferences()).toEqual({ a: 'ü'.repeat(8191) })
    recents.close()
  })

  test('refuse a preference that nests deeper than any window needs', async () => {
    const recents = await open(options)
    for (const depth of [40, 2000, 100_000]) expect(() => recents.setPreference('a', nested(depth))).toThrow(refusal)
    expect(recents.preferences()).toEqual({})
    recents.close()
  })

  test('keep 100 preferences and refuse one more, but change existing ones', async () => {
    const recents = await open(options)
    for (let i = 0; i < 100; i++) recents.setPreference(`key ${i}`, i)
    expect(() => recents.setPreference('one more', 0)).toThrow(refusal)
    recents.setPreference('key 7', 'changed')
    expect(Object.keys(recents.preferences())).toHaveLength(100)
    expect(recents.preferences()['key 7']).toBe('changed')
    recents.close()
  })

  test('keep 500 pinned stores and refuse to pin one more', async () => {
    const recents = await open(options)
    const pin = (i: number): void => {
      recents.opened({ path: `/${i}`, name: String(i), sizeBytes: 0, arrayCount: 0 })
      recents.pin(`/${i}`, true)
    }
    for (let i = 0; i < 500; i++) pin(i)
    expect(() => pin(500)).toThrow(refusal)
    recents.pin('/3', true)
    recents.pin('/4', false)
    pin(500)
    recents.close()
  })
})

test('preferences of an earlier version that exceed the limits are dropped with one notice, and the others stay', async () => {
  const first = await open()
  first.setPreference('theme', 'dark')
  first.close()
  const file = join(folder, RECENTS_FILE)
  const db = new Database(file)
  const insert = db.prepare('INSERT INTO preferences (key, value) VALUES (?, ?)')
  for (let i = 0; i < 50; i++) insert.run(`large ${i}`, JSON.stringify('x'.repeat(255_000)))
  insert.run('hidden', `"${'\u0000'.repeat(20_000)}"`)
  insert.run('deep', '['.repeat(5000) + ']'.repeat(5000))
  insert.run('broken', '{')
  for (let i = 0; i < 150; i++) insert.run(`small ${i}`, String(i))
  db.close()
  const recents = await open()
  const kept = recents.preferences()
  expect(kept).toMatchObject({ theme: 'dark', 'small 0': 0 })
  expect(Object.keys(kept).length).toBeLessThanOrEqual(100)
  expect(Object.keys(kept).filter(key => !/^(theme$|small )/.test(key))).toEqual([])
  expect(notices).toEqual([expect.stringMatching(/^\d+ remembered choices/)])
  recents.close()
  expect(statSync(file).size).toBeLessThan(2 ** 20)
  const again = await open()
  expect(notices).toHaveLength(1)
  again.close()
})
