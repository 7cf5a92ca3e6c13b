import { defineConfig } from 'vitest/config'
import { markdownFiles } from './renderer/text/markdown-files.ts'
import { ATTACKS, NODE_SUITE, NO_TESTS, PROGRAMS } from './e2e/node-suites.ts'

/** Unit and component tests. */
export default defineConfig({
  plugins: [markdownFiles],
  test: {
    ...NODE_SUITE,
    include: [
      'core/**/*.test.ts',
      'electron/**/*.test.ts',
      'renderer/**/*.test.{ts,tsx}',
      'e2e/{report,structure}/**/*.test.ts',
    ],
    exclude: [...NO_TESTS, ...ATTACKS, ...PROGRAMS],
  },
})
