import path from 'node:path'
import type { Plugin } from 'vite'

const RUNTIME = path.join(import.meta.dirname, 'jsx-runtime.ts')

/** Replaces React's JSX runtime with the one that escapes invisible characters, in every module of the window. */
export const visibleJsx: Plugin = {
  name: 'visible-jsx',
  enforce: 'pre',
  resolveId: (source, importer) => (source === 'react/jsx-runtime' && importer !== RUNTIME ? RUNTIME : null),
}
