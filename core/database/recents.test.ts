import { removeFolder } from '../test-support/remove-folder.ts'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LIMITS } from '../format/limits.ts'
import { openRecents, RECENTS_FILE } from './open-recents.ts'
import type { Recents } from './recents.ts'

let folder: string
let notices: string[]
const opened: Recents[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recents-'))
  notices = []
})

afterEach(() => {
  for (const recents of opened.splice(0)) recents.close()
  removeFolder(folder)
})

async function open(options: Partial<Parameters<typeof openRecents>[0]> = {}): Promise<Recents> {
  const recents = await openRecents({ folder, onNotice: message => notices.push(message), ...options })
  opened.push(recents)
  return recents
}

const store = (name: string) => ({ path: `/data/${name}`, name, sizeBytes: 2 ** 41, arrayCount: 3 })
const backup = { path: '/data/a.npkg', originalSize: 2 ** 41, packageSize: 3, verified: 1e12 }
const place = { array: 'embeddings', row: 2 ** 40, column: 7, rowSet: 'active', index: [1, 2] }
const namesOf = (recents: Recents): string[] => recents.list().map(entry => entry.name)
const statisticsKey = (i: number) => ({ path: '/data/a.npk', key: String(i), fingerprint: '' })
const missingNativeModule = () => Promise.reject(new Error('Could not locate the bindings file'))

describe.each([
  ['in SQLite', {}],
  ['in memory', { loadSqlite: missingNativeModule }],
])('recents %s', (_, options) => {
  test('list the most recently opened store first, with its latest size and number of arrays', async () => {
    const recents = await open(options)
    const before = Date.now()
    recents.opened(store('a.npk'))
    recents.opened(store('b.npk'))
    recents.opened({ ...store('a.npk'), sizeBytes: 5, arrayCount: 4 })
    expect(namesOf(recents)[0]).toBe('a.npk')
    const [a] = recents.list()
    expect(a).toMatchObject({ path: '/data/a.npk', sizeBytes: 5, arrayCount: 4, place: null, pinned: false })
    expect(a?.lastOpened).toBeGreaterThanOrEqual(before)
    expect(namesOf(recents).sort()).toEqual(['a.npk', 'b.npk'])
  })

  test('return the saved place when a store is opened', async () => {
    const recents = await open(options)
    expect(recents.opened(store('a.npk'))).toBeNull()
    recents.rememberPlace('/data/a.npk', place)
    expect(recents.opened(store('a.npk'))).toEqual(place)
    expect(recents.list()[0]?.place).toEqual(place)
  })

  test('keep the last backup of a store as long as the store', async () => {
    const recents = await open(options)
    recents.rememberBackup('/data/a.npk', backup)
    expect(recents.backup('/data/a.npk')).toBeNull()
    recents.opened(store('a.npk'))
    expect(recents.backup('/data/a.npk')).toBeNull()
    recents.rememberBackup('/data/a.npk', { path: '/elsewhere/a.npkg' })
    recents.rememberBackup('/data/a.npk', backup)
    recents.opened(store('a.npk'))
    expect(recents.backup('/data/a.npk')).toEqual(backup)
    recents.remove('/data/a.npk')
    recents.opened(store('a.npk'))
    expect(recents.backup('/data/a.npk')).toBeNull()
  })

  test('ignore a place in a store that was never opened', async () => {
    const recents = await open(options)
    recents.rememberPlace('/data/never.npk', place)
    expect(recents.list()).toEqual([])
  })

  test('list pinned stores first, never drop them, and keep a limited number of others', async () => {
    const recents = await open(options)
    recents.opened(store('pinned.npk'))
    recents.pin('/data/pinned.npk', true)
    for (let i = 0; i < LIMITS.recents + 5; i++) recents.opened(store(`${i}.npk`))
    const names = namesOf(recents)
    expect(names).toHaveLength(LIMITS.recents + 1)
    expect(names[0]).toBe('pinned.npk')
    recents.opened(store('pinned.npk'))
    expect(recents.list()[0]).toMatchObject({ name: 'pinned.npk', pinned: true })
    recents.pin('/data/pinned.npk', false)
    expect(recents.list().every(entry => !entry.pinned)).toBe(true)
  })

  test('no longer list a removed store', async () => {
    const recents = await open(options)
    recents.opened(store('a.npk'))
    recents.remove('/data/a.npk')
    recents.remove('/data/unknown.npk')
    expect(recents.list()).toEqual([])
  })

  test('return cached statistics only for the same state of the files', async () => {
    const recents = await open(options)
    const kept = { path: '/data/a.npk', key: 'score', fingerprint: '8 123' }
    expect(recents.cachedStatistics(kept)).toBeNull()
    recents.cacheStatistics(kept, { mean: 1.5 })
    expect(recents.cachedStatistics(kept)).toEqual({ mean: 1.5 })
    expect(recents.cachedStatistics({ ...kept, fingerprint: '9 456' })).toBeNull()
    recents.cacheStatistics({ ...kept, fingerprint: '9 456' }, { mean: 2 })
    expect([recents.cachedStatistics(kept), recents.cachedStatistics({ ...kept, fingerprint: '9 456' })]).toEqual([
      null,
      { mean: 2 },
    ])
    recents.remove('/data/a.npk')
    expect(recents.cachedStatistics({ ...kept, fingerprint: '9 456' })).toBeNull()
  })

  test('keep a limited number of cached statistics', async () => {
    const recents = await open(options)
    for (let i = 0; i < LIMITS.keptStatistics + 1; i++) recents.cacheStatistics(statisticsKey(i), i)
    const left = Array.from({ length: LIMITS.keptStatistics + 1 }, (_, i) =>
      recents.cachedStatistics(statisticsKey(i)),
    ).filter(i => i !== null)
    expect(left).toHaveLength(LIMITS.keptStatistics)
    expect(left).toContain(LIMITS.keptStatistics)
  })

  test('keep a limited number of bytes of cached statistics, the latest ones', async () => {
    const recents = await open(options)
    const large = 'x'.repeat(10 * 2 ** 20)
    for (let i = 0; i < 5; i++) recents.cacheStatistics(statisticsKey(i), large)
    expect(Array.from({ length: 5 }, (_, i) => recents.cachedStatistics(statisticsKey(i)) === large)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ])
  })

  test('keep preferences of every JSON type, the last value of each', async () => {
    const recents = await open(options)
    const values = { theme: 'dark', width: 240.5, hidden: false, nothing: null, list: [1, { a: 'ü' }] }
    for (const [key, value] of Object.entries(values)) recents.setPreference(key, value)
    recents.setPreference('theme', 'light')
    expect(recents.preferences()).toEqual({ ...values, theme: 'light' })
  })
})

test('recents, preferences and cached statistics survive a restart', async () => {
  const first = await open()
  first.opened(store('a.npk'))
  first.rememberPlace('/data/a.npk', place)
  first.rememberBackup('/data/a.npk', backup)
  first.pin('/data/a.npk', true)
  first.setPreference('theme', 'dark')
  first.close()
  // Closing again does nothing.
  first.close()
  const second = await open()
  expect(second.list()).toMatchObject([{ path: '/data/a.npk', place, pinned: true, sizeBytes: 2 ** 41 }])
  expect(second.backup('/data/a.npk')).toEqual(backup)
  expect(second.preferences()).toEqual({ theme: 'dark' })
  expect(notices).toEqual([])
})

test('a database of the first version keeps its stores when it is migrated', async () => {
  const db = new Database(join(folder, RECENTS_FILE))
  db.exec(`CREATE TABLE recents (path TEXT PRIMARY KEY, name TEXT NOT NULL, last_opened INTEGER NOT NULL,
      size_bytes INTEGER NOT NULL, array_count INTEGER NOT NULL, place TEXT, pinned INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    INSERT INTO recents VALUES ('/data/old.npk', 'old.npk', 5, 6, 7, NULL, 1);`)
  db.pragma('user_version = 1')
  db.close()
  const recents = await open()
  expect(recents.list()).toMatchObject([{ name: 'old.npk', lastOpened: 5, pinned: true }])
  recents.cacheStatistics({ path: '/data/old.npk', key: 'a', fingerprint: 'f' }, 1)
  expect(recents.cachedStatistics({ path: '/data/old.npk', key: 'a', fingerprint: 'f' })).toBe(1)
  recents.rememberBackup('/data/old.npk', backup)
  expect(recents.backup('/data/old.npk')).toEqual(backup)
  expect(notices).toEqual([])
})

test('migrating a database of the third version renames "view" to "rowSet" in places and preferences', async () => {
  const { rowSet, ...rest } = place
  const db = new Database(join(folder, RECENTS_FILE))
  db.exec(`CREATE TABLE recents (path TEXT PRIMARY KEY, name TEXT NOT NULL, last_opened INTEGER NOT NULL,
      size_bytes INTEGER NOT NULL, array_count INTEGER NOT NULL, place TEXT, pinned INTEGER NOT NULL DEFAULT 0,
      backup TEXT) STRICT;
    CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE figures (path TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, kept INTEGER NOT NULL,
      value TEXT NOT NULL, PRIMARY KEY (path, key)) STRICT;
    INSERT INTO preferences VALUES ('view', '"deleted"'), ('theme', '"dark"');`)
  const insert = db.prepare("INSERT INTO recents VALUES (?, 'a', ?, 6, 7, ?, 0, NULL)")
  const places = [JSON.stringify({ ...rest, view: rowSet }), JSON.stringify(['view']), '{"view": ', null]
  for (const [i, text] of places.entries()) insert.run(`/data/${i}.npk`, 9 - i, text)
  db.pragma('user_version = 3')
  db.close()
  const recents = await open()
  expect(recents.list().map(entry => entry.place)).toEqual([place, ['view'], null, null])
  expect(recents.preferences()).toEqual({ rowSet: 'deleted', theme: 'dark' })
  expect(notices).toEqual([])
})

test("two windows see each other's changes", async () => {
  const [one, other] = [await open(), await open()]
  one.opened(store('a.npk'))
  other.opened(store('b.npk'))
  one.rememberPlace('/data/b.npk', place)
  expect(namesOf(one).sort()).toEqual(['a.npk', 'b.npk'])
  expect(other.opened(store('b.npk'))).toEqual(place)
  expect(notices).toEqual([])
})

function runScript(script: string, ...args: string[]): Promise<{ status: number | null; stderr: string }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], { cwd: import.meta.dirname })
    let stderr = ''
    child.stderr.on('data', text => (stderr += text))
    child.on('close', status => resolve({ status, stderr }))
  })
}

test('a write waits for the write of another program', async () => {
  const recents = await open()
  const locked = join(folder, 'locked')
  const script = `
    import { writeFileSync } from 'node:fs'
    import Database from 'better-sqlite3'
    const [file, locked] = process.argv.slice(1)
    const db = new Database(file)
    db.exec('BEGIN IMMEDIATE')
    writeFileSync(locked, '')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    db.exec('COMMIT')`
  const other = runScript(script, join(folder, RECENTS_FILE), locked)
  await vi.waitUntil(() => existsSync(locked), { timeout: 30_000 })
  recents.opened(store('a.npk'))
  expect(await other).toEqual({ status: 0, stderr: '' })
  recents.close()
  expect(namesOf(await open())).toEqual(['a.npk'])
  expect(notices).toEqual([])
})

test('processes that start and write at the same time lose nothing', async () => {
  const script = `
    import { openRecents } from ${JSON.stringify(new URL('open-recents.ts', import.meta.url).href)}
    const [folder, name] = process.argv.slice(1)
    const recents = await openRecents({ folder, onNotice: message => { console.error(message); process.exitCode = 1 } })
    for (let i = 0; i < 15; i++) recents.opened({ path: name + i, name: name + i, sizeBytes: i, arrayCount: i })
    recents.close()`
  const results = await Promise.all(['a', 'b', 'c'].map(name => runScript(script, folder, name)))
  expect(results).toEqual(results.map(() => ({ status: 0, stderr: '' })))
  expect((await open()).list()).toHaveLength(45)
})

const listRenamedDatabases = (): string[] =>
  readdirSync(folder).filter(name => /^recents\.corrupt-\d{4}-\d\d-\d\d/.test(name))

describe('a damaged database', () => {
  test('is renamed with its date, reported, and replaced by a new one', async () => {
    const damaged = 'not a database, but longer than the header of one '.repeat(100)
    writeFileSync(join(folder, RECENTS_FILE), damaged)
    const recents = await open()
    recents.opened(store('a.npk'))
    expect(namesOf(recents)).toEqual(['a.npk'])
    const [renamed = ''] = listRenamedDatabases()
    expect(readFileSync(join(folder, renamed), 'utf8')).toBe(damaged)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toContain(renamed)
    recents.close()
    expect(namesOf(await open())).toEqual(['a.npk'])
    expect(notices).toHaveLength(1)
  })

  test('is detected even if its first page is valid', async () => {
    const first = await open()
    for (let i = 0; i < 50; i++) first.opened({ ...store(`${i}.npk`), path: `/${'long/'.repeat(100)}${i}` })
    first.close()
    const file = join(folder, RECENTS_FILE)
    const bytes = readFileSync(file)
    bytes.fill(0xa5, 4096)
    writeFileSync(file, bytes)
    const second = await open()
    expect(second.list()).toEqual([])
    expect(listRenamedDatabases()).toHaveLength(1)
  })

  test('does not overwrite another one renamed on the same day', async () => {
    for (let round = 0; round < 2; round++) {
      writeFileSync(join(folder, RECENTS_FILE), 'no database '.repeat(1000))
      ;(await open()).close()
    }
    expect(listRenamedDatabases()).toHaveLength(2)
  })
})

describe('recents stay in memory and one notice says so', () => {
  const kept = 'kept only until the program ends'

  test("when SQLite can't be loaded", async () => {
    await open({ loadSqlite: missingNativeModule })
    expect(notices).toEqual([expect.stringContaining(kept)])
    expect(notices[0]).toContain('Could not locate the bindings file')
  })

  test("when the folder can't be created", async () => {
    writeFileSync(join(folder, 'file'), '')
    const recents = await open({ folder: join(folder, 'file', 'data') })
    recents.opened(store('a.npk'))
    expect(namesOf(recents)).toEqual(['a.npk'])
    expect(notices).toEqual([expect.stringContaining(kept)])
  })

  test('when a newer version wrote the database, which stays unchanged', async () => {
    const file = join(folder, RECENTS_FILE)
    const db = new Database(file)
    db.exec('CREATE TABLE future (a)')
    db.pragma('user_version = 1000')
    db.close()
    const bytes = readFileSync(file)
    const recents = await open()
    recents.opened(store('a.npk'))
    recents.close()
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(folder)).toEqual([RECENTS_FILE])
    expect(notices).toEqual([expect.stringContaining('newer version')])
  })

  test('when a later write fails, with the entries read before', async () => {
    const recents = await open()
    recents.opened(store('a.npk'))
    const other = new Database(join(folder, RECENTS_FILE))
    other.exec(`CREATE TRIGGER full BEFORE INSERT ON recents BEGIN SELECT RAISE(ABORT, 'disk is full'); END`)
    other.close()
    recents.opened(store('b.npk'))
    expect(namesOf(recents).sort()).toEqual(['a.npk', 'b.npk'])
    expect(notices).toEqual([expect.stringContaining('disk is full')])
  })
})

test('a size too large for a SQLite integer is saved as the largest safe integer, and later stores are still saved', async () => {
  const recents = await open()
  expect(recents.opened({ ...store('huge.npk'), sizeBytes: 3 * 2 ** 63 })).toBeNull()
  recents.opened(store('a.npk'))
  recents.close()
  const again = await open()
  expect(namesOf(again).sort()).toEqual(['a.npk', 'huge.npk'])
  expect(again.list().find(({ name }) => name === 'huge.npk')?.sizeBytes).toBe(Number.MAX_SAFE_INTEGER)
  expect(notices).toEqual([])
})

test('a value that the database rejects is skipped with a notice, and all others are saved', async () => {
  const recents = await open()
  recents.opened({ ...store('odd.npk'), arrayCount: 1e30 })
  recents.opened(store('a.npk'))
  recents.setPreference('theme', 'dark')
  recents.close()
  const again = await open()
  expect([namesOf(again), again.preferences()]).toEqual([['a.npk'], { theme: 'dark' }])
  expect(notices).toEqual([expect.stringMatching(/can't be kept or read/)])
})

test('a place and a backup that are not JSON read as null, and the other entries stay', async () => {
  const recents = await open()
  for (const name of ['a.npk', 'b.npk']) recents.opened(store(name))
  recents.rememberPlace('/data/b.npk', place)
  recents.close()
  const db = new Database(join(folder, RECENTS_FILE))
  db.exec("UPDATE recents SET place = '{', backup = 'x' WHERE name = 'a.npk'")
  db.close()
  const again = await open()
  expect(
    again
      .list()
      .map(({ name, place, backup }) => ({ name, place, backup }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ).toEqual([
    { name: 'a.npk', place: null, backup: null },
    { name: 'b.npk', place, backup: null },
  ])
  expect(again.opened(store('a.npk'))).toBeNull()
  expect(notices).toEqual([])
})

test('without a home folder recents stay in memory, with one notice', async () => {
  const recents = await open({ folder: null })
  recents.opened(store('a.npk'))
  expect(namesOf(recents)).toEqual(['a.npk'])
  expect(notices).toEqual([expect.stringMatching(/only until the program ends.*no home folder/)])
})
