import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openRecents } from '../../database/open-recents.ts'
import { removeFolder } from '../../test-support/remove-folder.ts'
import { ATTACKER, noUsers } from '../../test-support/users.ts'
import { DEFAULT_SETTINGS } from '../contract/default-settings.ts'
import { KeptSettings } from './kept-settings.ts'
import { NO_LINKS } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'

let parent: string
let folder: string
let file: string
let notices: string[]

beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'settings-')))
  folder = join(parent, 'data')
  file = join(folder, 'settings.json')
  notices = []
  return () => removeFolder(parent)
})

const onNotice = (message: string): void => void notices.push(message)
const open = (where: string | null = folder): KeptSettings => new KeptSettings({ folder: where, onNotice })

function write(content: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(file, content)
}

const content = (): unknown => JSON.parse(readFileSync(file, 'utf8'))
const broken = (): string[] => readdirSync(folder).filter(name => name.startsWith('settings.broken-'))

test('settings that were changed are those of the next start, and the others are the defaults', () => {
  const settings = open()
  expect(settings.values).toEqual(DEFAULT_SETTINGS)
  expect(settings.set('theme', 'dark')).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' })
  settings.set('workerThreads', 3)
  expect(open().values).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', workerThreads: 3 })
  expect(readFileSync(file, 'utf8')).toBe('{\n  "theme": "dark",\n  "workerThreads": 3\n}\n')
  expect(readdirSync(folder)).toEqual(['settings.json'])
  expect(notices).toEqual([])
})

test('the file of settings is readable by its user alone, whatever the umask, and so is its folder', ctx => {
  if (process.platform === 'win32') ctx.skip('Windows has no modes')
  const mask = process.umask(0)
  try {
    open().set('theme', 'dark')
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
    chmodSync(folder, 0o755)
    chmodSync(file, 0o644)
    open().set('theme', 'light')
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
  } finally {
    process.umask(mask)
  }
})

test.each([
  ['no JSON', '{"theme": "dark"'],
  ['a list', '["dark"]'],
  ['null', 'null'],
  ['nothing', ''],
  ['nested deeper than any settings', `{"theme":${'['.repeat(1000)}${']'.repeat(1000)}}`],
  ['larger than 256 KiB', `{"theme":"dark","more":"${'x'.repeat(2 ** 18)}"}`],
])('a file of settings that is %s is renamed with one notice, and settings begin anew', (_, text) => {
  write(text)
  const settings = open()
  expect(settings.values).toEqual(DEFAULT_SETTINGS)
  const [name = ''] = broken()
  expect(name).toMatch(/^settings\.broken-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/)
  expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
  expect(notices).toEqual([expect.stringContaining(join(folder, name))])
  settings.set('theme', 'light')
  expect(content()).toEqual({ theme: 'light' })
  expect(notices).toHaveLength(1)
})

test('a file that breaks while the program runs is renamed at the next change, and no setting is lost', () => {
  const settings = open()
  settings.set('theme', 'dark')
  writeFileSync(file, 'oops')
  settings.set('decimalComma', true)
  expect(content()).toEqual({ theme: 'dark', decimalComma: true })
  expect(broken()).toHaveLength(1)
  expect(notices).toHaveLength(1)
})

test('keys of a newer version stay in the file and change nothing', () => {
  write('{"future": {"a": [1]}, "theme": "dark", "__proto__": {"theme": "light"}}')
  const settings = open()
  expect(settings.values).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' })
  settings.set('rowDensity', 'compact')
  expect(readFileSync(file, 'utf8')).toContain('"__proto__": {')
  expect(content()).toMatchObject({ future: { a: [1] }, theme: 'dark', rowDensity: 'compact' })
  expect(notices).toEqual([])
})

describe('a value that a setting can’t have', () => {
  test('counts as the default, stays in the file, and one notice names it', () => {
    write('{"theme": "purple", "workerThreads": 0, "decimalComma": true}')
    const settings = open()
    expect(settings.values).toEqual({ ...DEFAULT_SETTINGS, decimalComma: true })
    expect(notices).toEqual([
      `${file}: theme can't be "purple", so the default counts, "system".`,
      `${file}: workerThreads can't be 0, so the default counts, null.`,
    ])
    settings.set('rowDensity', 'compact')
    expect(content()).toMatchObject({ theme: 'purple', workerThreads: 0 })
    expect(notices).toHaveLength(2)
  })

  test.each([
    ['workerThreads', 65],
    ['workerThreads', 1.5],
    ['cacheBytes', 2 ** 26 - 1],
    ['cacheBytes', 2 ** 44 + 1],
    ['backupFolder', ''],
    ['restoresStores', 'yes'],
    ['rowDensity', null],
  ])('is refused for %s: %j', (key, value) => {
    write(JSON.stringify({ [key]: value }))
    expect(open().values).toEqual(DEFAULT_SETTINGS)
    expect(notices).toHaveLength(1)
  })

  test('is named in part only if it is long', () => {
    write(JSON.stringify({ theme: 'x'.repeat(10_000) }))
    open()
    expect(notices[0]!.length).toBeLessThan(400)
  })
})

test('of two programs that change settings each keeps what the other has changed, and the last one wins for a key', () => {
  const [one, other] = [open(), open()]
  one.set('theme', 'dark')
  expect(other.set('decimalComma', true)).toMatchObject({ theme: 'dark', decimalComma: true })
  expect(one.set('rowDensity', 'compact')).toMatchObject({ decimalComma: true, rowDensity: 'compact' })
  other.set('theme', 'light')
  expect(open().values).toEqual({ ...DEFAULT_SETTINGS, theme: 'light', decimalComma: true, rowDensity: 'compact' })
})

describe('settings are kept until the program ends', () => {
  test('without a data folder, with no notice beside that of the database', () => {
    const settings = open(null)
    expect(settings.set('theme', 'dark')).toMatchObject({ theme: 'dark' })
    expect(settings.set('decimalComma', true)).toMatchObject({ theme: 'dark', decimalComma: true })
    expect([settings.path, notices]).toEqual([null, []])
  })

  testUnless(NO_LINKS)('if the file is a link, which is neither followed nor replaced', () => {
    mkdirSync(folder, { mode: 0o700 })
    const target = join(parent, 'target.json')
    writeFileSync(target, '{"theme": "dark"}')
    symlinkSync(target, file)
    const settings = open()
    expect(settings.values).toEqual(DEFAULT_SETTINGS)
    expect(settings.set('theme', 'light')).toMatchObject({ theme: 'light' })
    expect(readFileSync(target, 'utf8')).toBe('{"theme": "dark"}')
    expect(notices).toEqual([expect.stringMatching(/only until the program ends: .*settings\.json is a symbolic link/)])
  })

  test('if the file belongs to another user, and nothing of it counts', ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    write('{"backupFolder": "/theirs"}')
    chownSync(file, ATTACKER, ATTACKER)
    const settings = open()
    expect(settings.set('theme', 'light')).toEqual({ ...DEFAULT_SETTINGS, theme: 'light' })
    expect(content()).toEqual({ backupFolder: '/theirs' })
    expect(notices).toEqual([expect.stringContaining(`belongs to another user (${ATTACKER})`)])
  })

  test('if the folder can’t be made, and are written once it can', () => {
    writeFileSync(folder, '')
    const settings = open()
    settings.set('theme', 'dark')
    expect(settings.set('decimalComma', true)).toMatchObject({ theme: 'dark', decimalComma: true })
    expect(notices).toEqual([expect.stringContaining('only until the program ends')])
    removeFolder(folder)
    settings.set('rowDensity', 'compact')
    expect(content()).toEqual({ theme: 'dark', decimalComma: true, rowDensity: 'compact' })
  })
})

test('a pipe in the place of the file of settings is not waited for', ctx => {
  mkdirSync(folder, { mode: 0o700 })
  ctx.skip(spawnSync('mkfifo', [file]).status !== 0, 'there is no mkfifo')
  const settings = open()
  settings.set('theme', 'dark')
  expect(content()).toEqual({ theme: 'dark' })
  expect(broken()).toHaveLength(1)
})

async function kept(preferences: Record<string, string | boolean | number>) {
  const recents = await openRecents({ folder, onNotice })
  for (const [key, value] of Object.entries(preferences)) recents.setPreference(key, value)
  return recents
}

describe('settings that an earlier version kept in the database', () => {
  const former = { theme: 'dark', cellFormat: 'hex', backupFolder: '/backups', restoresStores: false }

  test('move into the file, and other preferences stay', async () => {
    const recents = await kept({ ...former, detailsWidth: 300 })
    const settings = open()
    settings.takeOver(recents)
    expect(settings.values).toEqual({ ...DEFAULT_SETTINGS, ...former })
    expect(content()).toEqual(former)
    expect(recents.preferences()).toEqual({ detailsWidth: 300 })
    recents.close()
    expect(open().values).toEqual({ ...DEFAULT_SETTINGS, ...former })
    expect(notices).toEqual([])
  })

  test('replace none of the file, and are left out if they are no settings', async () => {
    write('{"theme": "light"}')
    const recents = await kept({ theme: 'dark', cellFormat: 'octal', restoresStores: false })
    const settings = open()
    settings.takeOver(recents)
    expect(settings.values).toEqual({ ...DEFAULT_SETTINGS, theme: 'light', restoresStores: false })
    expect(recents.preferences()).toEqual({})
    recents.close()
  })

  testUnless(NO_LINKS)('stay in the database while the file can’t be written', async () => {
    const recents = await kept({ theme: 'dark' })
    symlinkSync(join(parent, 'nowhere'), file)
    const settings = open()
    settings.takeOver(recents)
    expect(settings.values.theme).toBe('dark')
    expect(recents.preferences()).toEqual({ theme: 'dark' })
    recents.close()
  })

  test('make no file if there are none', async () => {
    const recents = await kept({})
    open().takeOver(recents)
    expect(existsSync(file)).toBe(false)
    recents.close()
  })
})
