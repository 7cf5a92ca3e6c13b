import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, toNamespacedPath } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isWholePath, resolveGivenPath } from './given-path.ts'
import { testUnless } from '../test-support/test-unless.ts'

let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'given-path-'))
  file = join(folder, "My data (1) #2 é%20 & Zoë's größe.npkg")
  writeFileSync(file, '')
})

afterAll(() => removeFolder(folder))

const FORMS: [string, (path: string) => string][] = [
  ['as it is', path => path],
  ['with blanks around it, as it is copied from a text', path => `  ${path}\n`],
  ['in double quotes, as Windows copies it', path => `"${path}"`],
  ['in single quotes, as GNOME’s terminal pastes it', path => `'${path.replaceAll("'", String.raw`'\''`)}' `],
  ['in typographic quotes', path => `“${path}”`],
  ['as a file URL', path => pathToFileURL(path).href],
  ['as a file URL of localhost', path => pathToFileURL(path).href.replace('file:///', 'file://localhost/')],
  ['as a file URL in quotes', path => `"${pathToFileURL(path).href}"`],
  ['as a file URL with one slash', path => pathToFileURL(path).href.replace('file:///', 'file:/')],
  ['as a file URL in capitals', path => pathToFileURL(path).href.replace('file:', 'FILE:')],
]

test.each(FORMS)('a path %s is found', (_, write) => {
  expect(resolveGivenPath(write(file))).toBe(file)
  expect(isWholePath(write(file))).toBe(true)
})

testUnless(process.platform === 'win32' ? 'a backslash on Windows divides folders' : null)(
  'a path with the backslashes of a shell is found',
  () => {
    expect(resolveGivenPath(file.replaceAll(/[ ()#&']/g, character => `\\${character}`))).toBe(file)
  },
)

test.each(['~', '$HOME', '${HOME}'])('%s is the home folder', home => {
  expect(resolveGivenPath(home)).toBe(homedir())
  expect(resolveGivenPath(`${home}/no such store.npk`)).toBe(join(homedir(), 'no such store.npk'))
  expect(resolveGivenPath(`${home}x`, folder)).toBe(join(folder, `${home}x`))
  expect(isWholePath(`${home}/x`)).toBe(true)
})

test('a path that exists as it is written means itself', () => {
  // Windows has no such names but the last.
  const names = process.platform === 'win32' ? ['~'] : ['"quoted"', ' blank ', 'a\\ b', '~']
  for (const name of names) {
    mkdirSync(join(folder, name))
    expect(resolveGivenPath(join(folder, name))).toBe(join(folder, name))
    expect(resolveGivenPath(name, folder)).toBe(join(folder, name))
  }
})

test('a relative path counts from the folder, however it is written', () => {
  expect(resolveGivenPath('"no such.npk"', folder)).toBe(join(folder, 'no such.npk'))
  expect(isWholePath('"no such.npk"')).toBe(false)
})

const REMOTE = ['sftp://server/a.npk', 'smb://server/a.npk', 'https://server/a.npkg']
// On Windows, a path and a file URL may name a share.
const SHARES = process.platform === 'win32' ? [] : ['file://server/share/a.npkg', String.raw`\\server\share\a.npk`]

test.each([...REMOTE, ...SHARES])('%s is refused as an address of another machine', url => {
  expect(() => resolveGivenPath(url)).toThrow(`${url} is an address of another machine.`)
})

test('a file URL that no path has is refused', () => {
  expect(() => resolveGivenPath('file:///a%00b%2f%zz')).toThrow('is not an address of a file')
})

const WAYS_TO_SHARE = [
  ['a path', String.raw`\\server\share\My data & more.npk`],
  ['a path in quotes', String.raw`"\\server\share\My data & more.npk"`],
  ['a file URL', 'file://server/share/My%20data%20&%20more.npk'],
] as const

test.each(process.platform === 'win32' ? WAYS_TO_SHARE : [])('%s of a share leads to it', (_, given) => {
  expect(resolveGivenPath(given)).toBe(String.raw`\\server\share\My data & more.npk`)
})

test('a path of more than 260 characters is found', () => {
  const deep = join(folder, ...Array.from({ length: 6 }, (_, i) => `${i}`.repeat(60)))
  mkdirSync(deep, { recursive: true })
  expect(resolveGivenPath(`"${deep}"`)).toBe(deep)
  // As Windows' programs name it among themselves (\\\\?\\C:\\...); elsewhere the same path.
  expect(resolveGivenPath(toNamespacedPath(deep))).toBe(toNamespacedPath(deep))
})
