import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the benchmark's page: `vite build -c renderer/grid/bench/vite.config.ts --outDir DIR`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { rolldownOptions: { input: `${import.meta.dirname}/bench.html` }, emptyOutDir: true },
})
