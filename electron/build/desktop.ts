import { copyFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** What Electron 45 is made of. */
const NODE_TARGET = 'node24'
const CHROMIUM_TARGET = 'chrome156'

export interface DesktopBuild {
  /** Where main/ and preload/ are written, beside the window's renderer/. */
  outdir: string
  /** esbuild target of the main process and the engine's thread. */
  nodeTarget?: string
  /** esbuild target of the preload script. */
  chromiumTarget?: string
  /** More esbuild options for the main process and the engine's thread. */
  node?: Pick<BuildOptions, 'banner' | 'define' | 'inject'>
}

/** Bundles the desktop shell: main/main.cjs, its threads' files beside it, and preload/preload.cjs. Rejects when it can't. */
export async function buildDesktop(options: DesktopBuild): Promise<void> {
  const { outdir, nodeTarget = NODE_TARGET, chromiumTarget = CHROMIUM_TARGET, node = {} } = options
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['electron', 'better-sqlite3', 'zstd-napi/binding'],
    outExtension: { '.js': '.cjs' },
    legalComments: 'none',
    logLevel: 'warning',
  }
  const main = path.join(outdir, 'main')
  await mkdir(main, { recursive: true })
  await Promise.all([
    copyFile(path.join(ROOT, 'core/stats/kernels.wasm'), path.join(main, 'kernels.wasm')),
    build({
      ...common,
      ...node,
      entryPoints: {
        main: 'electron/main/main.ts',
        'engine-worker': 'core/explorer/worker.ts',
        'package-worker': 'core/packages/worker.ts',
        'stats-worker': 'core/stats/worker.ts',
      },
      outdir: main,
      target: nodeTarget,
      define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename', ...node.define },
    }),
    build({
      ...common,
      entryPoints: { preload: 'electron/preload/preload.ts' },
      outdir: path.join(outdir, 'preload'),
      target: chromiumTarget,
    }),
  ])
}
