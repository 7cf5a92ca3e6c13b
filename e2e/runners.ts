/** The test runners' programs, for the Node that runs this one. */
export const VITEST = 'node_modules/vitest/vitest.mjs'
export const PLAYWRIGHT = 'node_modules/@playwright/test/cli.js'
