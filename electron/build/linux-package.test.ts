import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, Platform } from 'electron-builder'
import { afterEach, beforeEach, expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'linux-package-'))
})
afterEach(() => removeFolder(folder))

async function computePackage(target: 'AppImage' | 'deb'): Promise<unknown> {
  const prepackaged = path.join(folder, 'linux-unpacked')
  mkdirSync(path.join(prepackaged, 'resources'), { recursive: true })
  writeFileSync(path.join(prepackaged, 'numpack-explorer'), '')
  let computed: unknown
  await build({
    projectDir: ROOT,
    prepackaged,
    targets: Platform.LINUX.createTarget(target),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      electronVersion: '45.4.1',
      directories: { output: path.join(folder, 'out') },
      // A deb requires a home page, which is not decided yet.
      extraMetadata: { homepage: 'https://example.com/' },
    },
    effectiveOptionComputed: options => {
      computed = options
      if (Array.isArray(options)) computed = readDeb(options as [string[], string])
      return Promise.resolve(true)
    },
  })
  return computed
}

const readDeb = ([args, desktop]: [string[], string]): Record<'desktop' | 'afterInstall' | 'appArmor', string> => ({
  desktop: readFileSync(desktop, 'utf8'),
  afterInstall: readFileSync(args[args.indexOf('--after-install') + 1]!, 'utf8'),
  appArmor: readFileSync(path.join(folder, 'linux-unpacked/resources/apparmor-profile'), 'utf8'),
})

const execOf = (desktop: string): string | undefined => /^Exec=(.*)$/m.exec(desktop)?.[1]

test('the AppImage’s desktop entry starts the app with its sandbox', async () => {
  const { desktop } = (await computePackage('AppImage')) as { desktop: string }
  expect(execOf(desktop)?.replaceAll(/ +/g, ' ')).toBe('AppRun %U')
  expect(desktop).not.toContain('no-sandbox')
})

test('the deb’s desktop entry starts the app with its sandbox, and its profile lets AppArmor allow that', async () => {
  const { desktop, afterInstall, appArmor } = (await computePackage('deb')) as ReturnType<typeof readDeb>
  expect(execOf(desktop)).toBe('"/opt/NumPack Explorer/numpack-explorer" %U')
  expect(desktop).not.toContain('no-sandbox')
  expect(afterInstall).toContain(`chmod 4755 '/opt/NumPack Explorer/chrome-sandbox'`)
  expect(appArmor).toContain('"/opt/NumPack Explorer/numpack-explorer"')
  expect(appArmor).toContain('userns,')
})

test("the Mac app's only entitlement is to compile code at run time", () => {
  const plist = readFileSync(path.join(ROOT, 'assets/entitlements.mac.plist'), 'utf8')
  const keys = [...plist.matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key)
  expect(keys).toEqual(['com.apple.security.cs.allow-jit'])
})
