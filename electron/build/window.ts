import path from 'node:path'
import { build, type InlineConfig } from 'vite'

const RENDERER = path.resolve(import.meta.dirname, '../../renderer')

/** Bundles the window into `outdir`. `overrides` are merged over renderer/vite.config.ts. */
export async function buildWindow(outdir: string, overrides: InlineConfig = {}): Promise<void> {
  await build({
    root: RENDERER,
    configFile: path.join(RENDERER, 'vite.config.ts'),
    logLevel: 'warn',
    ...overrides,
    build: { outDir: outdir, emptyOutDir: true, ...overrides.build },
  })
}
