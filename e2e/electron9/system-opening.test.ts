import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { commandLine, requireStage, scratchFolder, STORES, startExplorer } from './explorer.ts'
import { packTestBuild } from './packing.ts'
import { compareVisibleCells, showArray } from './store-page.ts'

const LINUX = path.resolve(import.meta.dirname, '../../assets/linux')
const NAMES = "Zoë's größe & 100%20 #1"

const hasTool = (name: string): boolean => spawnSync('which', [name]).status === 0

/** A user's account in which the packed app is installed as the deb does. */
interface Account {
  packed: string
  home: string
  env: Record<string, string>
  /** Process ids of the apps that the system started. */
  started: () => number[]
}

/** Adds what root and this old Electron need to run here, and notes the process id. */
const startScript = (packed: string, log: string, flags: readonly string[]): string =>
  `#!/bin/sh\necho $$ >> '${log}'\nexec '${packed}' ${flags.join(' ')} "$@"\n`

async function install(ctx: TestContext): Promise<Account> {
  const { program, shims } = requireStage(ctx)
  for (const tool of ['gio', 'update-mime-database', 'update-desktop-database', 'xdotool'])
    if (!hasTool(tool)) ctx.skip(`no ${tool} here`)
  const [folder, home] = [scratchFolder(), scratchFolder()]
  const packed = path.join(await packTestBuild(program, shims, folder), 'numpack-explorer')
  const { flags, env } = commandLine(requireStage(ctx), home, packed)
  const [bin, log] = [path.join(home, 'bin'), path.join(home, 'started')]
  for (const name of ['bin', 'mime/packages', 'applications']) mkdirSync(path.join(home, name), { recursive: true })
  const script = path.join(bin, 'numpack-explorer')
  writeFileSync(script, startScript(packed, log, flags))
  chmodSync(script, 0o755)
  cpSync(path.join(LINUX, 'numpack-explorer.xml'), path.join(home, 'mime/packages/numpack-explorer.xml'))
  // The test of the deb (linux-package.test.ts) says that its entry has these types and this kind of arguments.
  const entry = `[Desktop Entry]\nType=Application\nName=NumPack Explorer\nExec="${script}" %U\nMimeType=application/x-numpack-package;application/x-numpack-metadata;\n`
  writeFileSync(path.join(home, 'applications/numpack-explorer.desktop'), entry)
  const ownEnv = { ...env, PATH: `${bin}:${process.env['PATH'] ?? ''}` }
  execFileSync('update-mime-database', [path.join(home, 'mime')], { env: ownEnv })
  execFileSync('update-desktop-database', [path.join(home, 'applications')], { env: ownEnv })
  const started = (): number[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(Number) : [])
  onTestFinished(() => {
    for (const pid of started())
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended: it was a second start.
      }
  })
  return { packed, home, env: ownEnv, started }
}

const windowTitles = (env: Record<string, string>): string => {
  const { stdout } = spawnSync('xdotool', ['search', '--onlyvisible', '--name', '.', 'getwindowname', '%@'], {
    env,
    encoding: 'utf8',
  })
  return stdout
}

test('a package that the desktop opens starts the packed app with it', async ctx => {
  const account = await install(ctx)
  const file = path.join(account.home, `${NAMES}.npkg`)
  cpSync(path.join(STORES, 'deleted-v2-raw.npkg'), file)
  // Not a pipe: the app would keep it open.
  execFileSync('gio', ['open', file], { env: account.env, stdio: 'ignore' })
  await expect.poll(() => windowTitles(account.env), { timeout: 30_000 }).toContain(`${NAMES}.npkg`)
  expect(account.started().length).toBe(1)
})

test('packages, metadata and folders from file managers open in the app that runs', async ctx => {
  const account = await install(ctx)
  const { packed, home, env } = account
  const store = (name: string): string => {
    const target = path.join(home, `${NAMES} ${name}`)
    cpSync(path.join(STORES, name), target, { recursive: true })
    return target
  }
  const { page } = await startExplorer(ctx, { packed, home })
  await page.getByRole('main', { name: 'Welcome' }).waitFor()
  const title = (): Promise<string> => page.title()

  execFileSync('gio', ['open', store('deleted-v2-raw.npkg')], { env, stdio: 'ignore' })
  await expect.poll(title).toBe(`${NAMES} deleted-v2-raw.npkg`)

  execFileSync('gio', ['open', path.join(store('dtypes.npk'), 'metadata.npkm')], { env, stdio: 'ignore' })
  await expect.poll(title).toBe(`${NAMES} dtypes.npk`)
  await showArray(page, 'float32_2d')
  expect(await compareVisibleCells(page, 'dtypes.npk', 'float32_2d')).toBeGreaterThan(5)

  const selected = [store('shapes.npk'), store('deleted.npk')]
  execFileSync(path.join(LINUX, 'Open with NumPack Explorer'), {
    stdio: 'ignore',
    env: { ...env, NAUTILUS_SCRIPT_SELECTED_FILE_PATHS: `${selected.join('\n')}\n` },
  })
  for (const each of selected) await page.getByRole('tab', { name: path.basename(each) }).waitFor()
})
