import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface LicenceNotice {
  packages: string[]
  license: string
  /** Licence first, then further texts that must be passed on (NOTICE, licences of parts). */
  texts: string[]
}

interface Shipped {
  name: string
  license: string
  texts: string[]
}

const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Public domain',
  'Unlicense',
])

const LICENSE_FILE = /^(licen[cs]e|copying)([.-].*)?$/i
const NOTICE_FILE = /^(notice|copyright)([.-].*)?$/i
/** Vite's licence continues with those of its own bundled dependencies, none of which reaches a window. */
const PARTS_OF_TOOL = /^#+ Licenses of bundled dependencies[^]*/m

/** Texts for packages that name licence and author but contain no text, taken from other packages of the author. */
const GIVEN_TEXTS = path.join(import.meta.dirname, 'license-texts')

const readText = (file: string): string =>
  readFileSync(file, 'utf8').replaceAll('\r\n', '\n').replace(PARTS_OF_TOOL, '').trim()

const filesOf = (folder: string, pattern: RegExp): string[] =>
  readdirSync(folder)
    .filter(name => pattern.test(name) && statSync(path.join(folder, name)).isFile())
    .sort()
    .map(name => path.join(folder, name))

export function readPackage(folder: string): Shipped {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >
  const title = `${String(name)} ${String(version)}`
  if (typeof license !== 'string' || !PERMISSIVE.has(license))
    throw new Error(
      `${title} is part of the program, and its licence (${String(license)}) is not on the list of permissive ones.`,
    )
  const own = filesOf(folder, LICENSE_FILE)
  const given = path.join(GIVEN_TEXTS, `${String(name)}.txt`)
  const licenses = own.length === 0 && existsSync(given) ? [given] : own
  if (licenses.length === 0)
    throw new Error(`${title} is part of the program, and there is no licence text in ${folder}.`)
  const parts = path.join(folder, 'licenses')
  const files = [...licenses, ...filesOf(folder, NOTICE_FILE), ...(existsSync(parts) ? filesOf(parts, /./) : [])]
  return { name: title, license, texts: files.map(readText) }
}

export function packageFolder(file: string): string | null {
  const parts = file.split(/[\\/]/)
  const at = parts.lastIndexOf('node_modules')
  if (at < 0) return null
  const length = parts[at + 1]?.startsWith('@') ? 3 : 2
  return parts.slice(0, at + length).join('/')
}

export function mergeNotices(shipped: readonly Shipped[]): LicenceNotice[] {
  const notices = new Map<string, LicenceNotice>()
  for (const { name, license, texts } of [...shipped].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = JSON.stringify([license, texts])
    const notice = notices.get(key) ?? { packages: [], license, texts }
    if (!notice.packages.includes(name)) notice.packages.push(name)
    notices.set(key, notice)
  }
  return [...notices.values()]
}

const RULE = '='.repeat(80)

export const formatNotices = (notices: readonly LicenceNotice[]): string =>
  [
    'NumPack Explorer contains the work of others, under these licences.',
    ...notices.map(({ packages, license, texts }) =>
      [RULE, packages.join('\n'), `Licence: ${license}`, ...texts].join('\n\n'),
    ),
  ].join('\n\n')

/** Origins of the bundlers' helpers, the kernels' standard library and the native binaries. */
const NOT_BUNDLED = ['assemblyscript', 'better-sqlite3', 'esbuild', 'node-addon-api', 'rolldown', 'vite', 'zstd-napi']

const SQLITE: Shipped = {
  name: 'SQLite (in better-sqlite3)',
  license: 'Public domain',
  texts: ['The authors of SQLite have dedicated its code to the public domain: https://sqlite.org/copyright.html'],
}

export function collectNotices(files: readonly string[], root: string): LicenceNotice[] {
  const modules = path.join(root, 'node_modules')
  const others = NOT_BUNDLED.map(name => path.join(modules, name)).filter(folder => existsSync(folder))
  const bundled = files.flatMap(file => packageFolder(path.resolve(root, file)) ?? [])
  const shipped = [...new Set([...bundled, ...others])].map(readPackage)
  const zstd = path.join(modules, 'zstd-napi/deps/zstd/LICENSE')
  if (existsSync(zstd))
    shipped.push({ name: 'Zstandard (in zstd-napi)', license: 'BSD-3-Clause', texts: [readText(zstd)] })
  return mergeNotices([...shipped, SQLITE])
}

export function writeNotices(notices: readonly LicenceNotice[], dist: string): void {
  mkdirSync(path.join(dist, 'renderer'), { recursive: true })
  writeFileSync(path.join(dist, 'THIRD-PARTY-NOTICES.txt'), `${formatNotices(notices)}\n`)
  writeFileSync(path.join(dist, 'renderer/third-party-notices.json'), JSON.stringify(notices))
}
