import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { run } from './command.ts'
import { atMost, type Bench, type Figure } from './harness.ts'
import { makeFloatStore } from './stores.ts'

const BYTES = 2 ** 29
const [FEW, MANY] = [2, 8]

/** Measures the memory per thread above that of an idle one. The engine is bundled as for the window. */
export async function statisticsMemory({ folder }: Bench): Promise<Figure[]> {
  const outdir = join(folder, 'statistics-memory')
  const core = join(import.meta.dirname, '..')
  await build({
    absWorkingDir: core,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['zstd-napi/binding'],
    entryPoints: {
      once: fileURLToPath(new URL('statistics-once.ts', import.meta.url)),
      'scan-worker': 'statistics/scan-worker.ts',
    },
    outdir,
  })
  copyFileSync(join(core, 'statistics/kernels.wasm'), join(outdir, 'kernels.wasm'))
  const store = makeFloatStore(folder, 'statistics-memory.npk', 'noise', BYTES)
  const most = (what: string, workers: number): number =>
    Number(run(process.execPath, join(outdir, 'once.js'), what, workers))
  const each = (what: string): number => (most(what, MANY) - most(what, FEW)) / (MANY - FEW)
  const mebibytes = (each(store) - each('idle')) / 2 ** 20
  for (const path of [store, outdir]) rmSync(path, { recursive: true })
  return [
    {
      what: 'memory of a worker above that of an idle thread, all statistics and a histogram',
      value: `${mebibytes.toFixed(1)} MiB`,
      beside: '',
      measured: mebibytes,
      goal: atMost(16, 'MiB'),
    },
  ]
}
