import path from 'node:path'
import { build, type InlineConfig } from 'vite'

const RENDERER = path.resolve(import.meta.dirname, '../../renderer')

/**
 * Bundles the window into `outdir`, for production whatever the environment says. `overrides` are merged over
 * renderer/vite.config.ts.
 */
export async function buildWindow(outdir: string, overrides: InlineConfig = {}): Promise<void> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build({
      root: RENDERER,
      configFile: path.join(RENDERER, 'vite.config.ts'),
      logLevel: 'warn',
      ...overrides,
      build: { outDir: outdir, emptyOutDir: true, ...overrides.build },
    })
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}
