import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { markdownFiles } from './text/markdown-files.ts'
import { visibleJsx } from './text/visible-jsx.ts'

// `tsc` compiles the folder together with its tests; only what index.html reaches is bundled.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [visibleJsx, markdownFiles, react()],
  // Vite would take the settings of PostCSS from a folder above, where other users may have put them.
  css: { postcss: {} },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // Keep fonts as files: the browser loads only those that a text needs.
    assetsInlineLimit: 0,
    // The chart library, loaded with the first plot, exceeds the default limit.
    chunkSizeWarningLimit: 620,
  },
})
