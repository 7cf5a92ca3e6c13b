import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { NumPack } from './numpack.ts'
import { NumPackError } from '../format/errors.ts'
import { openStore } from './read/store.ts'

/** Stores written by NumPack 0.7 and described by `expected.json` (core/fixtures/README.md). */

interface Expected {
  dtype: string
  shape: number[]
  physicalRows: number
  deletedRows?: number[]
  sha256: string
}

const fixtures = fileURLToPath(new URL('../fixtures/stores/', import.meta.url))
const sample = fileURLToPath(new URL('../../assets/sample.npk', import.meta.url))
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, Expected>>
  damaged: Record<string, { scope: string; says: string }>
}

const pathOf = (store: string): string => (store === 'library.npk' ? sample : join(fixtures, store))
const sha256 = (...parts: ArrayBufferView[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  return hash.digest('hex')
}

describe.each(Object.entries(expected.stores))('%s', (store, arrays) => {
  test('holds the arrays it should, none damaged', () => {
    using npk = NumPack.open(pathOf(store), { readOnly: true })
    expect(npk.getMemberList()).toEqual(Object.keys(arrays).toSorted())
    expect(npk.damaged).toEqual([])
    const warnings = npk.warnings.map(warning => /'revived'.*says 4 rows are deleted, its bits say 1/.test(warning))
    expect(warnings).toEqual(store === 'revived.npk' ? [true] : [])
  })

  test.each(Object.entries(arrays))('%s', (name, array) => {
    using npk = NumPack.open(pathOf(store), { readOnly: true })
    const whole = npk.load(name)
    expect([whole.dtype, whole.shape, sha256(whole.data)]).toEqual([array.dtype, array.shape, array.sha256])
    const lazy = npk.load(name, { lazy: true })
    expect([lazy.dtype, lazy.shape, [...lazy.deletedRows]]).toEqual([array.dtype, array.shape, array.deletedRows ?? []])
    expect(sha256(...Array.from(npk.streamLoad(name, 7), batch => batch.data))).toBe(array.sha256)
    expect(npk.getMetadata().arrays[name]).toMatchObject({
      shape: array.shape,
      physicalShape: [array.physicalRows, ...array.shape.slice(1)],
      deletedRows: array.deletedRows?.length ?? 0,
    })
  })
})

const phrases = (says: string): string[] =>
  says
    .replace(/; 'b' opens$/, '')
    .split(/[;,:]/)
    .map(phrase => phrase.trim())
    .filter(phrase => phrase !== '')

const thrownBy = (action: () => unknown): NumPackError => {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(NumPackError)
    return error as NumPackError
  }
  throw new Error('nothing was thrown')
}

const damagedStores = Object.entries(expected.damaged).filter(([file]) => file.endsWith('.npk'))

test.each(damagedStores.filter(([, { scope }]) => scope === 'store'))('damaged/%s does not open', (file, { says }) => {
  const path = join(fixtures, 'damaged', file)
  for (const readOnly of [true, false]) {
    const error = thrownBy(() => NumPack.open(path, { readOnly }))
    for (const phrase of phrases(says)) expect(error.message).toContain(phrase)
    expect(error.message).toContain(path)
    const code = file === 'newer-version.npk' ? 'NEWER_VERSION' : 'DAMAGED'
    expect(error.code).toBe(file === 'no-metadata.npk' && readOnly ? 'NOT_A_STORE' : code)
  }
})

test.each(damagedStores.filter(([, { scope }]) => scope !== 'store'))('damaged/%s opens', (file, { scope, says }) => {
  using npk = NumPack.open(join(fixtures, 'damaged', file), { readOnly: true })
  const said = [...npk.damaged.map(({ name, reason }) => `array '${name}': ${reason}`), ...npk.warnings]
  expect(said).toHaveLength(1)
  for (const phrase of phrases(says)) expect(said[0]).toContain(phrase)
  const hurt = scope.startsWith('array ') && !says.includes('readable') ? [scope.slice('array '.length)] : []
  expect(npk.damaged.map(({ name }) => name)).toEqual(hurt)
  for (const name of hurt) {
    const error = thrownBy(() => npk.load(name))
    expect(error.code).toBe(says.includes('outside') ? 'PATH_ESCAPE' : 'DAMAGED')
    expect(error.message).toContain(npk.path)
  }
  const healthy = npk.getMemberList().filter(name => !hurt.includes(name))
  expect(healthy.map(name => npk.load(name).shape)).toEqual(healthy.map(name => npk.getShape(name)))
})

test('what is damaged beside them does not change the healthy arrays', () => {
  const healthy = expected.stores['deleted.npk']!
  for (const file of [
    'torn-bitmap.npk',
    'missing-data.npk',
    'short-data.npk',
    'long-data.npk',
    'orphan-bitmap.npk',
    'leftover-temporary.npk',
  ]) {
    using npk = NumPack.open(join(fixtures, 'damaged', file), { readOnly: true })
    const hurt = expected.damaged[file]!.scope
    for (const [name, array] of Object.entries(healthy).filter(([other]) => hurt !== `array ${other}`)) {
      expect(sha256(npk.load(name).data), `${file} ${name}`).toBe(array.sha256)
    }
  }
  using npk = NumPack.open(join(fixtures, 'damaged/unknown-dtype.npk'), { readOnly: true })
  expect(npk.load('b').shape).toEqual([2])
})

test('the rows of a torn bitmap that it does not cover are shown', () => {
  const store = openStore(join(fixtures, 'damaged/torn-bitmap.npk'), { readOnly: true })
  const { deletedRows } = expected.stores['deleted.npk']!['random']!
  expect([...store.reader('random').deletedRows()]).toEqual(deletedRows!.filter(row => row < 256))
})
