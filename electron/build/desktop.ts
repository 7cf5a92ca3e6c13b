import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { type BuildOptions, type BuildResult, build } from 'esbuild'
import { bundledModules } from './bundled-modules.ts'
import { nativeFiles } from './native-files.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** The Node version in Electron 45. */
const NODE_TARGET = 'node24'
const CHROMIUM_TARGET = 'chrome156'

export interface DesktopBuild {
  outdir: string
  nodeTarget?: string
  chromiumTarget?: string
  sourcemap?: boolean
  node?: Pick<BuildOptions, 'banner' | 'define' | 'inject'>
}

/**
 * Bundles the desktop app. Code of other threads and kernels becomes text in the bundles, so that all of it lies in the
 * packed archive. Resolves with the bundled project files, relative to the root.
 */
export async function buildDesktop(options: DesktopBuild): Promise<string[]> {
  const { outdir, nodeTarget = NODE_TARGET, chromiumTarget = CHROMIUM_TARGET, sourcemap = false, node = {} } = options
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['electron'],
    outExtension: { '.js': '.cjs' },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    sourcemap,
  } satisfies BuildOptions
  const main = path.join(outdir, 'main')
  // Files of an earlier build would be packed as well.
  await rm(main, { recursive: true, force: true })
  const kernels = await readFile(path.join(ROOT, 'core/statistics/kernels.wasm'), 'base64')
  const files = JSON.stringify(nativeFiles())
  const bundle = (entryPoints: Record<string, string>, threads: Record<string, string>) => ({
    ...common,
    ...node,
    entryPoints,
    outdir: main,
    target: nodeTarget,
    plugins: [bundledModules],
    define: {
      'import.meta.dirname': '__dirname',
      'import.meta.url': '__filename',
      BUNDLED_KERNELS: JSON.stringify(kernels),
      BUNDLED_THREADS: JSON.stringify(threads),
      NATIVE_FILES: files,
      ...node.define,
    },
  })

  const threads = await build({
    ...bundle({ 'package-worker': 'core/packages/worker.ts', 'stats-worker': 'core/statistics/scan-worker.ts' }, {}),
    sourcemap: false,
    write: false,
  })
  const code = Object.fromEntries(threads.outputFiles.map(file => [path.basename(file.path), file.text]))
  const packages = 'package-worker.cjs'
  const results: BuildResult<{ metafile: true }>[] = await Promise.all([
    build(bundle({ 'engine-worker': 'core/explorer/engine/worker.ts' }, code)),
    build(bundle({ main: 'electron/main/main.ts' }, { [packages]: code[packages]! })),
    build({
      ...common,
      entryPoints: { preload: 'electron/preload/preload.ts' },
      outdir: path.join(outdir, 'preload'),
      target: chromiumTarget,
    }),
  ])
  return [threads, ...results].flatMap(({ metafile }) =>
    Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)),
  )
}
