import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Arrangement } from '../contract/types.ts'
import { expected, STORES } from '../../test-support/fixture-stores.ts'
import { useService } from './test-support/service.ts'
import { NO_LINKS } from '../../test-support/missing.ts'

const { ask, open, failure, inFolder } = useService()

describe('a path', () => {
  const deleted = join(STORES, 'deleted.npk')

  test('every way to write the path of a store opens the same store', async () => {
    const { id } = await open(deleted)
    const link = NO_LINKS === null ? inFolder('link.npk') : deleted
    if (NO_LINKS === null) symlinkSync(deleted, link)
    for (const path of [
      `${deleted}/`,
      join(STORES, 'damaged', '..', 'deleted.npk'),
      link,
      join(deleted, 'metadata.npkm'),
      join(deleted, 'data_random.npkd'),
    ])
      expect(await open(path)).toMatchObject({ id, path: deleted })
  })

  test('the path of a segment opens its store', async () => {
    const store = join(STORES, 'segmented.npk')
    const files = readdirSync(store, { recursive: true, encoding: 'utf8' })
    const segment = files.find(file => /seg_\d+\.npkd$/.test(file))
    expect(await open(join(store, segment!))).toMatchObject({ path: store })
  })

  test('a path that is no store is refused in one sentence that names it', async () => {
    writeFileSync(inFolder('notes.txt'), 'hello')
    writeFileSync(inFolder('data.npkg'), 'NPKG')
    writeFileSync(inFolder('wrong.npkg'), 'hello')
    mkdirSync(inFolder('plain'))
    if (NO_LINKS === null) symlinkSync(inFolder('loop'), inFolder('loop'))
    const isWindows = process.platform === 'win32'
    for (const [name, code, says] of [
      ['nowhere.npk', 'NOT_FOUND', 'is not there'],
      ['notes.txt/deeper', 'NOT_FOUND', isWindows ? 'is not there' : 'is a file'],
      ['notes.txt', 'NOT_A_STORE', 'is a file, not a NumPack store'],
      ['data.npkg', 'DAMAGED', 'data.npkg'],
      ['wrong.npkg', 'NOT_A_PACKAGE', 'is not a NumPack package'],
      ['plain', 'NOT_A_STORE', 'metadata.npkm'],
      ...(NO_LINKS === null ? ([['loop', 'IO', 'circle']] as const) : []),
      [
        'x'.repeat(5000),
        ...(isWindows ? (['NOT_FOUND', 'is not there'] as const) : (['ARGUMENT', 'too long'] as const)),
      ],
      ['nul\0', 'ARGUMENT', 'no path'],
    ] as const) {
      const error = await failure('openStore', { path: inFolder(name) })
      expect(error.code, name).toBe(code)
      expect(error.message).toContain(says)
      expect(error.message).toContain(name.slice(0, 3))
      expect(error.message).toMatch(/^[^\n]+\.$/)
    }
  })

  test('the path of a closed store opens it again', async () => {
    const path = inFolder('again.npk')
    cpSync(deleted, path, { recursive: true })
    const first = await open(path)
    await ask('closeStore', { store: first.id })
    await ask('closeStore', { store: first.id })
    const second = await open(path)
    expect(second.id).not.toBe(first.id)
    await ask('closeStore', { store: second.id })
  })
})

describe('recent stores', () => {
  test('recent stores have what was opened and where the user was, and one that is gone is marked', async () => {
    const path = inFolder('recent.npk')
    cpSync(join(STORES, 'deleted.npk'), path, { recursive: true })
    const place = { array: 'random', row: 120, column: 2, rowSet: 'all' as const, index: [], shownAs: 'plot' }
    const row = { row: 7, numbering: 'physical' as const }
    const arrangement: Arrangement = {
      locations: [['random', { top: row, cursor: row, column: 2, index: [] }]],
      viewStates: [['random, plot', { columns: [0, 3] }]],
    }
    expect((await ask('openStore', { path })).result.place).toBeNull()
    await ask('rememberPlace', { path, place: { ...place, arrangement } })
    const { store, place: again } = (await ask('openStore', { path: `${path}/` })).result
    expect(again).toEqual({ ...place, arrangement })

    const find = async () => (await ask('listRecents', {})).result.recents.find(recent => recent.path === path)
    const arrayCount = Object.keys(expected.stores['deleted.npk']!).length
    expect(await find()).toMatchObject({ name: 'recent.npk', place, arrayCount, missing: false, pinned: false })
    expect((await find())?.sizeBytes).toBe(store.sizeBytes)

    await ask('closeStore', { store: store.id })
    rmSync(path, { recursive: true })
    await ask('pinRecent', { path, pinned: true })
    expect(await find()).toMatchObject({ missing: true, pinned: true })
    await ask('removeRecent', { path })
    expect(await find()).toBeUndefined()
  })
})

describe('listing folders', () => {
  test('a listed folder shows folders and stores by name, no files and nothing hidden', async () => {
    const parent = inFolder('listing')
    for (const name of ['b', 'a10', 'a9', '.hidden']) mkdirSync(join(parent, name), { recursive: true })
    cpSync(join(STORES, 'empty.npk'), join(parent, 'c.npk'), { recursive: true })
    writeFileSync(join(parent, 'file.txt'), '')
    const { result } = await ask('listFolder', { path: `${parent}/` })
    expect(result).toMatchObject({ path: parent, parent: inFolder(), truncated: false })
    expect(result.entries.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'a9 folder',
      'a10 folder',
      'b folder',
      'c.npk store',
    ])
    expect(result.entries.every(({ path, name }) => path === join(parent, name))).toBe(true)
  })

  test('listing folders begins at home and ends at the root', async () => {
    expect(basename((await ask('listFolder', { path: null })).result.path)).not.toBe('')
    expect((await ask('listFolder', { path: '/' })).result.parent).toBeNull()
  })

  test('listing a path where nothing is fails with NOT_FOUND', async () => {
    expect(await failure('listFolder', { path: inFolder('nowhere') })).toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('preferences are given back', async () => {
  await ask('setPreference', { key: 'panels', value: { left: 240, right: null } })
  expect((await ask('getPreferences', {})).result.values).toEqual({ panels: { left: 240, right: null } })
})
