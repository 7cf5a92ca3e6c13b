import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { visibleJsx } from './text/visible-jsx.ts'

// `tsc` compiles the folder together with its tests; only what index.html reaches ends up in the bundle.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [visibleJsx, react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // Fonts stay files: the ones that a text needs are loaded, the others never.
    assetsInlineLimit: 0,
    // The chart library, which is loaded for the first plot; what every start loads is smaller.
    chunkSizeWarningLimit: 620,
  },
})
