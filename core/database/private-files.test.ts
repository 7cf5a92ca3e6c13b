import { removeFolder } from '../test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, test } from 'vitest'
import { ATTACKER, noUsers, runAs } from '../test-support/users.ts'
import { openRecents, RECENTS_FILE } from './open-recents.ts'
import type { Recents } from './recents.ts'
import { NO_LINKS } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

let parent: string
let folder: string
let notices: string[]

beforeEach(({ skip }) => {
  if (process.platform === 'win32') skip('Windows has no modes; the folders of a profile are private')
  parent = mkdtempSync(join(tmpdir(), 'recents-'))
  chmodSync(parent, 0o755)
  folder = join(parent, 'data')
  notices = []
  const mask = process.umask(0)
  return () => {
    process.umask(mask)
    removeFolder(parent)
  }
})

const open = (): Promise<Recents> => openRecents({ folder, onNotice: message => notices.push(message) })

const store = { path: '/data/a.npk', name: 'a.npk', sizeBytes: 8, arrayCount: 1 }

const modes = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map(name => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]))

const folderMode = (): string => (statSync(folder).mode & 0o777).toString(8)

const PRIVATE = { 'recents.sqlite': '600', 'recents.sqlite-wal': '600', 'recents.sqlite-shm': '600' }

describe('the database of recent stores', () => {
  test('and SQLite’s files beside it are readable by their user alone, whatever the umask', async () => {
    const recents = await open()
    recents.opened(store)
    expect(folderMode()).toBe('700')
    expect(modes()).toEqual(PRIVATE)
    recents.close()
    expect(notices).toEqual([])
  })

  test('becomes private if it was readable by others, together with the files beside it and renamed copies', async () => {
    mkdirSync(folder, { mode: 0o755 })
    const db = new Database(join(folder, RECENTS_FILE))
    db.pragma('journal_mode = WAL')
    db.exec('CREATE TABLE anything (a)')
    for (const name of ['recents.corrupt-2025-01-01T00-00-00.sqlite', 'other.txt'])
      writeFileSync(join(folder, name), 'x')
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644)
    expect(Object.keys(modes())).toContain('recents.sqlite-wal')
    const recents = await open()
    expect(folderMode()).toBe('700')
    expect(modes()).toEqual({ ...PRIVATE, 'recents.corrupt-2025-01-01T00-00-00.sqlite': '600', 'other.txt': '644' })
    recents.close()
    db.close()
  })

  test('is renamed and made private if it is not a database', async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, RECENTS_FILE), 'no database '.repeat(1000), { mode: 0o666 })
    const recents = await open()
    recents.opened(store)
    const found = modes()
    expect(Object.keys(found).filter(name => name.startsWith('recents.corrupt-'))).toHaveLength(1)
    expect([...new Set(Object.values(found))]).toEqual(['600'])
    recents.close()
  })

  testUnless(NO_LINKS)('is not opened through a link: recents stay in memory, with a notice', async () => {
    mkdirSync(folder)
    const target = join(parent, 'target')
    writeFileSync(target, 'somebody’s')
    symlinkSync(target, join(folder, RECENTS_FILE))
    const recents = await open()
    recents.opened(store)
    expect(recents.list()).toHaveLength(1)
    expect(readFileSync(target, 'utf8')).toBe('somebody’s')
    expect(notices).toEqual([expect.stringContaining('kept only until the program ends')])
    recents.close()
  })

  test('can be neither read nor replaced by another user', async ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    mkdirSync(folder, { mode: 0o777 })
    const recents = await open()
    recents.opened(store)
    for (const name of Object.keys(PRIVATE)) expect(runAs(ATTACKER, ['cat', join(folder, name)]).status).not.toBe(0)
    expect(runAs(ATTACKER, ['touch', join(folder, 'x')]).status).not.toBe(0)
    recents.close()
  })

  test('is not created in another user’s folder', async ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    mkdirSync(folder)
    chownSync(folder, ATTACKER, ATTACKER)
    const recents = await open()
    recents.opened(store)
    expect(existsSync(join(folder, RECENTS_FILE))).toBe(false)
    expect(notices).toEqual([expect.stringContaining(`belongs to another user (${ATTACKER})`)])
    recents.close()
  })
})

test('a pipe beside the database, from when its folder was open to others, is not waited for', ctx => {
  mkdirSync(folder)
  chmodSync(folder, 0o777)
  const { status } = spawnSync('mkfifo', ['-m', '666', join(folder, 'recents.pipe')])
  ctx.skip(status !== 0, 'there is no mkfifo')
  const program = `
    import { makePrivateDatabase } from ${JSON.stringify(new URL('./private-files.ts', import.meta.url).href)}
    makePrivateDatabase(${JSON.stringify(folder)}, 'recents.sqlite')
    console.log('made')
  `
  const command = ['--input-type=module', '-e', program]
  expect(spawnSync(process.execPath, command, { encoding: 'utf8', timeout: 60_000 }).stdout).toBe('made\n')
})
