import { type ChildProcess, execFileSync, spawn, type SpawnOptions } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { ExplorerHost } from '../../core/explorer/host/host.ts'
import type { Connection } from '../../core/explorer/host/host-options.ts'
import { zstdBackend } from '../../core/packages/zstd.ts'
import { startThreadFromCode } from '../../core/system/thread.ts'
import { listArchive, readArchived } from './asar.ts'
import { commandLine, requireStage, scratchFolder, STORES, startExplorer } from './explorer.ts'
import { packProduct, packTestBuild } from './packing.ts'
import { compareVisibleCells, showArray } from './store-page.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

test('the packed app contains the bundles, SQLite and zstd for this machine, the sample store and nothing else', async ctx => {
  const { program } = requireStage(ctx)
  execFileSync(process.execPath, ['electron/build/build.ts'], { cwd: ROOT })
  // Vitest sets another mode, but the window must be built for production.
  const assets = path.join(ROOT, 'dist/renderer/assets')
  const scripts = readdirSync(assets).filter(file => file.endsWith('.js'))
  const isForDevelopers = (file: string) => readFileSync(path.join(assets, file), 'utf8').includes('React DevTools')
  expect(scripts.filter(isForDevelopers)).toEqual([])
  const resources = path.join(await packProduct(program, scratchFolder()), 'resources')

  const files = listArchive(path.join(resources, 'app.asar'))
  expect(files).toEqual(
    expect.arrayContaining([
      'package.json',
      'dist/main/main.cjs',
      'dist/preload/preload.cjs',
      'dist/renderer/index.html',
    ]),
  )
  const elsewhere =
    /^(package\.json|dist\/(main|preload|renderer)\/.*|node_modules\/(better-sqlite3|zstd-napi)\/.*\.node)$/
  expect(files.filter(file => !elsewhere.test(file))).toEqual([])
  const binaries = files.filter(file => file.endsWith('.node')).map(file => path.basename(file))
  const zstd = zstdBackend() === 'zstd-napi' ? ['binding.node'] : []
  expect(binaries.sort()).toEqual([...zstd, `linux-${process.arch}.node`, `linuxmusl-${process.arch}.node`])
  expect(readdirSync(resources)).toEqual(expect.arrayContaining(['icon.png', 'sample.npk', 'THIRD-PARTY-NOTICES.txt']))

  const notices = readFileSync(path.join(resources, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const part of ['react 19', 'zod ', 'cmdk ', 'lucide-react', 'Apache ECharts', 'SIL OPEN FONT LICENSE', 'SQLite'])
    expect(notices).toContain(part)
  expect(files).toContain('dist/renderer/third-party-notices.json')

  const unpacked = path.join(resources, 'app.asar.unpacked')
  const beside = readdirSync(unpacked, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  expect(beside.filter(({ name }) => !name.endsWith('.node'))).toEqual([])

  const window = startEngine(resources)
  const sampleStore = path.join(resources, 'sample.npk')
  const opened = await window.request({ id: 1, method: 'openStore', params: { path: sampleStore } })
  expect(opened).toMatchObject({ ok: true, result: { store: { name: 'sample.npk', problem: null } } })
  const recents = await window.request({ id: 2, method: 'listRecents', params: {} })
  expect(recents).toMatchObject({ ok: true, result: { recents: [{ path: sampleStore }] } })
  const environment = await window.request({ id: 3, method: 'environment', params: {} })
  expect(environment).toMatchObject({ ok: true, result: { notices: [] } })
  const { store } = (opened as { result: { store: { id: number } } }).result
  const wanted = {
    store: store.id,
    array: 'embeddings',
    generation: 0,
    rowSet: 'active',
    rows: null,
    columns: null,
    index: null,
    bins: 8,
    scale: 'linear',
  }
  const started = await window.request({
    id: 4,
    method: 'startTask',
    params: { kind: 'statistics', params: wanted },
  })
  const { task } = (started as { result: { task: { id: number } } }).result
  let id = 5
  const result = (): Promise<unknown> =>
    window.request({ id: id++, method: 'readTaskResult', params: { task: task.id } })
  await expect
    .poll(result, { timeout: 30_000 })
    .toMatchObject({ ok: true, result: { figures: { count: 3750 * 48, partial: false } } })

  flipByte(path.join(unpacked, `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`))
  const changed = await startEngine(resources).request({ id: 1, method: 'environment', params: {} })
  expect(changed).toMatchObject({
    ok: true,
    result: { notices: [expect.stringMatching(/linux-\w+\.node is not the file that this program was built with/)] },
  })
})

function startEngine(resources: string): Connection {
  const archive = path.join(resources, 'app.asar')
  const code = readArchived(archive, 'dist/main/engine-worker.cjs')
  const host = new ExplorerHost({
    createWorker: start => startThreadFromCode(code, path.join(archive, 'dist/main'), { workerData: start }),
    dataFolder: scratchFolder(),
    cacheFolder: scratchFolder(),
    environment: () => ({
      host: 'electron',
      platform: process.platform,
      version: '',
      homeFolder: '/',
      sampleStore: '',
      canPickFolder: false,
      canShowInFolder: false,
    }),
  })
  onTestFinished(async () => void (await host.close()))
  return host.connect(() => undefined)
}

/** Replaces the file first: it may be a hard link. */
function flipByte(file: string): void {
  const bytes = readFileSync(file)
  bytes[bytes.length >> 1]! ^= 1
  rmSync(file)
  writeFileSync(file, bytes)
}

test('the packed app refuses to start when one byte of a binary beside it is changed, and names the file', async ctx => {
  const { program, shims } = requireStage(ctx)
  const folder = await packTestBuild(program, shims, scratchFolder())
  const name = `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`
  const file = path.join(folder, 'resources/app', name)
  mkdirSync(path.dirname(file), { recursive: true })
  cpSync(path.join(ROOT, name), file)
  const packed = path.join(folder, 'numpack-explorer')
  const { page, quit } = await startExplorer(ctx, { packed })
  await page.getByRole('main', { name: 'Welcome' }).waitFor()
  expect(await quit()).toBe(0)

  flipByte(file)
  const { flags, env } = commandLine(requireStage(ctx), scratchFolder(), packed)
  expect(await lineFrom(run(packed, flags, { env }), 'NumPack Explorer can’t start')).toContain(
    `${file} is not the file that this program was built with.`,
  )
})

function run(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function lineFrom({ stderr }: ChildProcess, beginning: string): Promise<string> {
  for await (const line of createInterface({ input: stderr! }))
    if (line.startsWith(beginning)) {
      stderr!.resume()
      return line
    }
  throw new Error(`the app ended without a word: ${beginning}`)
}

const USER = 3001

interface PlainUser {
  home: string
  start: (...flags: string[]) => ChildProcess
}

async function packForUser(ctx: TestContext): Promise<PlainUser> {
  const { program, shims } = requireStage(ctx)
  if (process.getuid?.() !== 0) return ctx.skip('only root can run the app as another user')
  const [folder, home] = [scratchFolder(), scratchFolder()]
  const packed = path.join(await packTestBuild(program, shims, folder), 'numpack-explorer')
  chmodSync(folder, 0o755)
  chownSync(home, USER, USER)
  const { env } = commandLine(requireStage(ctx), home, packed)
  const user = ['--reuid', String(USER), '--regid', String(USER), '--clear-groups', packed, '--disable-gpu']
  return { home, start: (...flags) => run('setpriv', [...user, ...flags], { env, cwd: home }) }
}

test('the packed app refuses to start without its sandbox', async ctx => {
  const { start } = await packForUser(ctx)
  expect(await lineFrom(start('--no-sandbox'), 'NumPack Explorer can’t start')).toContain(
    'The sandbox is switched off (--no-sandbox).',
  )
})

function userNamespace(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/user`)
  } catch {
    return undefined
  }
}

const pageProcess = (app: number): string | undefined =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .find(pid => {
      try {
        // Chromium separates the arguments of such processes by spaces.
        const isPage = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')
        const [, user] = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
        return isPage && Number(user) === USER && Number(pid) > app
      } catch {
        return false
      }
    })

test('the packed app runs its page in the sandbox, and only the user can read its settings', async ctx => {
  const { home, start } = await packForUser(ctx)
  // The seccomp filters of this old Electron don't know the C library of Debian 12.
  const app = start('--disable-seccomp-filter-sandbox')
  app.stderr!.resume()
  await expect.poll(() => pageProcess(app.pid!)).toBeDefined()
  const page = pageProcess(app.pid!)!
  expect(userNamespace(page)).toMatch(/^user:/)
  expect(userNamespace(page)).not.toBe(userNamespace(app.pid!))
  expect(statSync(path.join(home, 'NumPack Explorer')).mode & 0o777).toBe(0o700)
})

test('the packed app starts with a store and shows its rows', async ctx => {
  const { program, shims } = requireStage(ctx)
  const folder = await packTestBuild(program, shims, scratchFolder())
  const packed = path.join(folder, 'numpack-explorer')
  const paths = [path.join(STORES, 'dtypes.npk')]
  const { app, page, messages, stderr, startAgain, quit, savePicture } = await startExplorer(ctx, { packed, paths })
  await page.getByRole('grid').waitFor()
  await showArray(page, 'float32_2d')
  expect(await compareVisibleCells(page, 'dtypes.npk', 'float32_2d')).toBeGreaterThan(5)
  expect(await app.evaluate(electron => electron.app.isPackaged)).toBe(true)
  await startAgain(path.join(STORES, 'deleted.npk'))
  await expect.poll(() => page.title()).toBe('deleted.npk')
  await page.getByRole('button', { name: 'Recent stores' }).first().click()
  await page.getByRole('button', { name: 'Open the sample store' }).click()
  await expect.poll(() => page.title()).toBe('sample.npk')
  await savePicture('packed')
  expect(messages).toEqual([])
  expect(stderr()).toBe('')
  expect(await quit()).toBe(0)
})
