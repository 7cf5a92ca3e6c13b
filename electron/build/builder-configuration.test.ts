import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Configuration } from 'electron-builder'
import { beforeAll, expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')

interface BuilderLibrary {
  getConfig(projectDir: string, file: string, fromCommandLine: null): Promise<Configuration>
  /** Compares with the schema of electron-builder, scheme.json. Rejects with what is wrong. */
  validateConfiguration(configuration: unknown, log: { isEnabled: boolean }): Promise<void>
}

const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
const library = builder('app-builder-lib/out/util/config/config.js') as BuilderLibrary

let configuration: Configuration
beforeAll(async () => {
  configuration = await library.getConfig(ROOT, path.join(ROOT, 'electron-builder.yml'), null)
})

const validate = (changed: unknown): Promise<void> => library.validateConfiguration(changed, { isEnabled: false })

test('electron-builder.yml has only options that electron-builder knows, each of the right kind', async () => {
  await validate(configuration)
  await expect(validate({ ...configuration, nsis: { oneclick: true } })).rejects.toThrow('configuration.nsis should be')
  await expect(validate({ ...configuration, mac: { hardenedRuntime: 'yes' } })).rejects.toThrow(
    'configuration.mac should be',
  )
})

const targetsOf = ({ target }: { target?: unknown }): string[] =>
  (target as (string | { target: string; arch: string[] })[]).flatMap(each =>
    typeof each === 'string' ? [each] : each.arch.map(arch => `${each.target} ${arch}`),
  )

test('there are installers of every kind for the three systems', () => {
  expect(targetsOf(configuration.linux!)).toEqual(['AppImage', 'deb', 'rpm'])
  expect(targetsOf(configuration.mac!)).toEqual(['dmg arm64', 'dmg x64', 'zip arm64', 'zip x64'])
  expect(targetsOf(configuration.win!)).toEqual(['nsis', 'portable'])
})

test('the Windows installer asks nothing and installs for the user alone', () => {
  expect(configuration.nsis).toMatchObject({ oneClick: true, perMachine: false })
})

test('every file that the configuration names exists', () => {
  const { linux, mac, win, nsis, deb, rpm, icon } = configuration
  const files = [linux?.icon, mac?.icon, win?.icon, icon, nsis?.include, mac?.entitlements, mac?.entitlementsInherit]
  const installed = [...deb!.fpm!, ...rpm!.fpm!].map(mapping => mapping.split('=')[0])
  for (const file of [...files, ...installed]) expect(existsSync(path.join(ROOT, file!)), file!).toBe(true)
})

test('macOS is told that a .npk folder is a package, which a double click opens with this program', () => {
  const { UTExportedTypeDeclarations: types, CFBundleDocumentTypes: documents } = configuration.mac!.extendInfo as {
    UTExportedTypeDeclarations: Record<string, unknown>[]
    CFBundleDocumentTypes: Record<string, unknown>[]
  }
  expect(types[0]).toMatchObject({
    UTTypeConformsTo: ['com.apple.package'],
    UTTypeTagSpecification: { 'public.filename-extension': ['npk'] },
  })
  expect(documents).toEqual([
    expect.objectContaining({ LSTypeIsPackage: true, LSItemContentTypes: [types[0]!['UTTypeIdentifier']] }),
  ])
})
