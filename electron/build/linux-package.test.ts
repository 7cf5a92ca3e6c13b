import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, Platform } from 'electron-builder'
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest'

const hasTool = (name: string): boolean => spawnSync('which', [name]).status === 0

const requireTool = (ctx: TestContext, name: string): void => {
  if (!hasTool(name)) ctx.skip(`no ${name} here`)
}

const ROOT = path.resolve(import.meta.dirname, '../..')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'linux-package-'))
})
afterEach(() => removeFolder(folder))

async function computePackage(target: 'AppImage' | 'deb' | 'rpm'): Promise<unknown> {
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
      if (Array.isArray(options)) computed = readPackage(options as [string[], string])
      return Promise.resolve(true)
    },
  })
  return computed
}

interface LinuxPackage {
  desktop: string
  afterInstall: string
  appArmor: string
  /** Contents of the files below /usr/share, by their path there. */
  shared: Map<string, Buffer>
}

const sharedFiles = (args: readonly string[]): [string, Buffer][] =>
  args.flatMap(argument => {
    const [source, target] = argument.split('=/usr/share/')
    return source !== undefined && target !== undefined ? [[target, readFileSync(path.resolve(ROOT, source))]] : []
  })

const readPackage = ([args, desktop]: [string[], string]): LinuxPackage => ({
  shared: new Map(sharedFiles(args)),
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
  const { desktop, afterInstall, appArmor } = (await computePackage('deb')) as LinuxPackage
  expect(execOf(desktop)).toBe('"/opt/NumPack Explorer/numpack-explorer" %U')
  expect(desktop).not.toContain('no-sandbox')
  expect(afterInstall).toContain(`chmod 4755 '/opt/NumPack Explorer/chrome-sandbox'`)
  expect(appArmor).toContain('"/opt/NumPack Explorer/numpack-explorer"')
  expect(appArmor).toContain('userns,')
})

test.each(['deb', 'rpm'] as const)(
  'the %s installs the types, the icons and the entries of file managers',
  async target => {
    const { shared } = (await computePackage(target)) as LinuxPackage
    expect([...shared.keys()].sort()).toEqual(
      [
        'Thunar/sendto/numpack-explorer.desktop',
        'applications/numpack-explorer.desktop',
        ...[16, 24, 32, 48, 64, 128, 256, 512].map(size => `icons/hicolor/${size}x${size}/apps/numpack-explorer.png`),
        'icons/hicolor/scalable/apps/numpack-explorer.svg',
        'kio/servicemenus/numpack-explorer.desktop',
        'mime/packages/numpack-explorer.xml',
        'nemo/actions/numpack-explorer.nemo_action',
      ].sort(),
    )
  },
)

test('the desktop entries are valid, and none takes over the opening of folders', async ctx => {
  requireTool(ctx, 'desktop-file-validate')
  const { shared, desktop } = (await computePackage('deb')) as LinuxPackage
  expect(/^MimeType=(.*)$/m.exec(desktop)?.[1]).toBe('application/x-numpack-package;application/x-numpack-metadata;')
  for (const name of ['applications/numpack-explorer.desktop', 'Thunar/sendto/numpack-explorer.desktop']) {
    const file = path.join(folder, path.basename(name))
    writeFileSync(file, shared.get(name)!)
    const { stdout, status } = spawnSync('desktop-file-validate', [file], { encoding: 'utf8' })
    expect({ name, stdout, status }).toEqual({ name, stdout: '', status: 0 })
  }
})

test('the system tells packages and metadata from other files, by name or by their first bytes', async ctx => {
  requireTool(ctx, 'update-mime-database')
  requireTool(ctx, 'gio')
  requireTool(ctx, 'xdg-mime')
  const { shared } = (await computePackage('deb')) as LinuxPackage
  mkdirSync(path.join(folder, 'data/mime/packages'), { recursive: true })
  writeFileSync(
    path.join(folder, 'data/mime/packages/numpack-explorer.xml'),
    shared.get('mime/packages/numpack-explorer.xml')!,
  )
  // Without a desktop, xdg-mime asks the program `file`.
  const env = { ...process.env, XDG_DATA_HOME: path.join(folder, 'data'), XDG_CURRENT_DESKTOP: 'GNOME' }
  const updated = spawnSync('update-mime-database', [path.join(folder, 'data/mime')], { env, encoding: 'utf8' })
  expect(updated).toMatchObject({ status: 0, stderr: '' })
  const stores = path.join(ROOT, 'core/fixtures/stores')
  const [bytesOfPackage, bytesOfMetadata] = [path.join(folder, 'bytes-1'), path.join(folder, 'bytes-2')]
  copyFileSync(path.join(stores, 'deleted-v2-raw.npkg'), bytesOfPackage)
  copyFileSync(path.join(stores, 'deleted.npk/metadata.npkm'), bytesOfMetadata)
  const typeOf = (file: string): string => {
    const { stdout } = spawnSync('gio', ['info', '-a', 'standard::content-type', file], { env, encoding: 'utf8' })
    return /content-type: (.*)$/m.exec(stdout)?.[1] ?? stdout
  }
  for (const file of [path.join(stores, 'deleted-v2-raw.npkg'), bytesOfPackage])
    expect(typeOf(file)).toBe('application/x-numpack-package')
  for (const file of [path.join(stores, 'deleted.npk/metadata.npkm'), bytesOfMetadata])
    expect(typeOf(file)).toBe('application/x-numpack-metadata')
  expect(typeOf(path.join(stores, 'deleted.npk'))).toBe('inode/directory')
  expect(
    execFileSync('xdg-mime', ['query', 'filetype', path.join(stores, 'deleted-v2-raw.npkg')], {
      env,
      encoding: 'utf8',
    }),
  ).toBe('application/x-numpack-package\n')
})

test("the Mac app's only entitlement is to compile code at run time", () => {
  const plist = readFileSync(path.join(ROOT, 'assets/entitlements.mac.plist'), 'utf8')
  const keys = [...plist.matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key)
  expect(keys).toEqual(['com.apple.security.cs.allow-jit'])
})
