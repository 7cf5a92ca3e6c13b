import path from 'node:path'
import type { Plugin } from 'vite'

const RUNTIME = path.join(import.meta.dirname, 'jsx-runtime.ts')

/** Gives every module of the window the JSX runtime that makes text visible, in the place of React's own. */
export const visibleJsx: Plugin = {
  name: 'visible-jsx',
  enforce: 'pre',
  resolveId: (source, importer) => (source === 'react/jsx-runtime' && importer !== RUNTIME ? RUNTIME : null),
}
