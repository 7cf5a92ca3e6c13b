import path from 'node:path'
import { build } from 'esbuild'
import { launchChromium } from '../browser/chromium.ts'

/** Measures the time to format 2,000 cells in the window's browser: `node e2e/bench/cell-text.ts`. */

const GOAL_MS = 0.5

const { outputFiles } = await build({
  stdin: {
    contents: `import { cellTextSeconds } from './core/bench/cell-text.ts'; globalThis.cellTextSeconds = cellTextSeconds`,
    resolveDir: path.resolve(import.meta.dirname, '../..'),
    loader: 'ts',
  },
  bundle: true,
  write: false,
})
const browser = await launchChromium()
const page = await browser.newPage()
await page.addScriptTag({ content: outputFiles[0]!.text })
const secondsOfKind = (await page.evaluate('cellTextSeconds()')) as Record<string, number>
console.log(`Chromium ${browser.version()}: text of 2,000 cells, goal ${GOAL_MS} ms`)
for (const [kind, seconds] of Object.entries(secondsOfKind)) console.log(`  ${kind} ${(seconds * 1000).toFixed(3)} ms`)
await browser.close()
