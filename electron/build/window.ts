import path from 'node:path'
import { build, type InlineConfig, type Plugin } from 'vite'

const RENDERER = path.resolve(import.meta.dirname, '../../renderer')

function collectModules(files: Set<string>): Plugin {
  return {
    name: 'collect-modules',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk') for (const id of chunk.moduleIds) if (path.isAbsolute(id)) files.add(id)
    },
  }
}

/** Bundles the window for production. `overrides` are merged over renderer/vite.config.ts. */
export async function buildWindow(outdir: string, overrides: InlineConfig = {}): Promise<string[]> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  const files = new Set<string>()
  try {
    await build({
      root: RENDERER,
      configFile: path.join(RENDERER, 'vite.config.ts'),
      logLevel: 'warn',
      ...overrides,
      plugins: [overrides.plugins, collectModules(files)],
      build: { outDir: outdir, emptyOutDir: true, ...overrides.build },
    })
    return [...files]
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}
