import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nativeFiles } from './native-files.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const PREBUILT = 'better-sqlite3/prebuilds/linux-x64.node'
const COMPILED = 'zstd-napi/build/Release/binding.node'

interface LockedPackage {
  version?: string
  integrity?: string
  resolved?: string
  link?: boolean
  hasInstallScript?: boolean
  bin?: Record<string, string>
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'))
const { packages } = readJson('package-lock.json') as { packages: Record<string, LockedPackage> }
/** This program and its workspaces, which are links to folders here. */
const OWN = new Set(['', 'core', 'docs', 'node_modules/numpack', 'node_modules/numpack-docs'])
const locked = Object.entries(packages).filter(([folder]) => !OWN.has(folder))

let root: string
const inModules = (name: string): string => path.join(root, 'node_modules', name)
function write(name: string, text: string): void {
  mkdirSync(path.dirname(inModules(name)), { recursive: true })
  writeFileSync(inModules(name), text)
}

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'native-files-'))
  cpSync(path.join(ROOT, 'package-lock.json'), path.join(root, 'package-lock.json'))
  mkdirSync(path.dirname(inModules(PREBUILT)), { recursive: true })
  cpSync(path.join(ROOT, 'node_modules', PREBUILT), inModules(PREBUILT))
})
afterEach(() => removeFolder(root))

test('a prebuilt binary of the locked package may be packed, a changed one stops the build', () => {
  expect(nativeFiles(root)[PREBUILT]).toMatch(/^[0-9a-f]{64}$/)
  const bytes = readFileSync(inModules(PREBUILT))
  bytes[1000]! ^= 1
  writeFileSync(inModules(PREBUILT), bytes)
  expect(() => nativeFiles(root)).toThrow(`${inModules(PREBUILT)} is not the file of the locked package.`)
})

test('a binary that was compiled here may be packed, one that was fetched stops the build', () => {
  expect(nativeFiles(root)).not.toHaveProperty([COMPILED])
  write(COMPILED, 'fetched')
  expect(() => nativeFiles(root)).toThrow(`${inModules(COMPILED)} was not compiled here.`)
  write('zstd-napi/build/config.gypi', '{}')
  expect(nativeFiles(root)).toHaveProperty([COMPILED])
})

test('another release of the package needs a new record', () => {
  const lock = path.join(root, 'package-lock.json')
  const changed = structuredClone({ packages })
  changed.packages['node_modules/better-sqlite3']!.integrity = 'sha512-other'
  writeFileSync(lock, JSON.stringify(changed))
  expect(() => nativeFiles(root)).toThrow('record-native-files.ts')
})

test('every package of the lock file has a hash, and none comes from another place than the registry', () => {
  expect(locked.length).toBeGreaterThan(400)
  expect(locked.filter(([, { integrity }]) => !(integrity ?? '').startsWith('sha512-'))).toEqual([])
  expect(locked.filter(([, { resolved, link }]) => link === true || /^(git|file|http:)/.test(resolved ?? ''))).toEqual(
    [],
  )
})

test('no package fetches binaries by itself, and each install script is allowed or refused by name', () => {
  const downloaders = /^(prebuild-install|node-pre-gyp|@mapbox\/node-pre-gyp)$/
  const commands = locked.flatMap(([folder, { bin }]) => Object.keys(bin ?? {}).map(name => [name, folder] as const))
  expect(commands.filter(([name]) => downloaders.test(name))).toEqual([])
  const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true)
  const { allowScripts } = readJson('package.json') as { allowScripts: Record<string, boolean> }
  const names = scripts.map(([folder]) => folder.replace(/^.*node_modules\//, ''))
  expect(names.filter(name => !Object.hasOwn(allowScripts, name))).toEqual([])
  expect(Object.keys(allowScripts).filter(name => allowScripts[name])).toEqual(['zstd-napi'])
})
