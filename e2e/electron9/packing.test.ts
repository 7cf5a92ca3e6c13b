import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { ExplorerHost } from '../../core/explorer/host.ts'
import { zstdBackend } from '../../core/packages/zstd.ts'
import { listArchive } from './asar.ts'
import { requireStage, scratchFolder, STORES, startExplorer } from './explorer.ts'
import { packProduct, packTestBuild } from './packing.ts'
import { compareVisibleCells, showArray } from './store-page.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

test('what is packed: the bundles, SQLite and zstd for this machine, the sample store, and nothing else', async ctx => {
  const { program } = requireStage(ctx)
  execFileSync(process.execPath, ['electron/build/build.ts'], { cwd: ROOT })
  // What runs the tests runs in another mode; the window is built for production all the same.
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
  const elsewhere = /^(package\.json|dist\/(main|preload|renderer)\/.*|node_modules\/(better-sqlite3|zstd-napi)\/.*)$/
  expect(files.filter(file => !elsewhere.test(file))).toEqual([])
  const binaries = files.filter(file => file.endsWith('.node')).map(file => path.basename(file))
  const zstd = zstdBackend() === 'zstd-napi' ? ['binding.node'] : []
  expect(binaries.sort()).toEqual([...zstd, `linux-${process.arch}.node`, `linuxmusl-${process.arch}.node`])
  expect(readdirSync(resources)).toEqual(expect.arrayContaining(['icon.png', 'sample.npk']))

  // The packed engine runs from outside the archive, as Electron's Node runs it.
  const unpacked = path.join(resources, 'app.asar.unpacked')
  const sampleStore = path.join(resources, 'sample.npk')
  const host = new ExplorerHost({
    createWorker: start => new Worker(path.join(unpacked, 'dist/main/engine-worker.cjs'), { workerData: start }),
    dataFolder: scratchFolder(),
    cacheFolder: scratchFolder(),
    environment: () => ({
      host: 'electron',
      platform: process.platform,
      version: '',
      homeFolder: '/',
      sampleStore,
      canPickFolder: false,
      canShowInFolder: false,
      openPaths: [],
    }),
  })
  onTestFinished(() => host.close())
  const window = host.connect(() => undefined)
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
    view: 'active',
    rows: null,
    columns: null,
    index: null,
    bins: 8,
    scale: 'linear',
  }
  let id = 4
  const statistics = (): Promise<unknown> => window.request({ id: id++, method: 'readStatistics', params: wanted })
  await expect
    .poll(statistics, { timeout: 30_000 })
    .toMatchObject({ ok: true, result: { state: 'done', figures: { count: 3750 * 48 } } })
  const require = createRequire(path.join(unpacked, 'dist/main/'))
  expect(require.resolve('better-sqlite3').startsWith(unpacked)).toBe(true)
  expect(existsSync(path.join(unpacked, 'dist/main/main.cjs'))).toBe(false)
})

test('the packed app starts with a store and shows its rows', async ctx => {
  const { program, shims } = requireStage(ctx)
  const folder = await packTestBuild(program, shims, scratchFolder())
  const packed = path.join(folder, 'numpack-explorer')
  const paths = [path.join(STORES, 'dtypes.npk')]
  const { app, page, messages, complaints, startAgain, quit, picture } = await startExplorer(ctx, { packed, paths })
  await page.getByRole('grid').waitFor()
  await showArray(page, 'float32_2d')
  expect(await compareVisibleCells(page, 'dtypes.npk', 'float32_2d')).toBeGreaterThan(5)
  expect(await app.evaluate(electron => electron.app.isPackaged)).toBe(true)
  await startAgain(path.join(STORES, 'deleted.npk'))
  await expect.poll(() => page.title()).toBe('deleted.npk')
  await page.getByRole('button', { name: 'Recent stores' }).first().click()
  await page.getByRole('button', { name: 'Open the sample store' }).click()
  await expect.poll(() => page.title()).toBe('sample.npk')
  await picture('packed')
  expect(messages).toEqual([])
  expect(complaints()).toBe('')
  expect(await quit()).toBe(0)
})
