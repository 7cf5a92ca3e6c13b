import path from 'node:path'
import { buildDesktop } from './desktop.ts'
import { collectNotices, writeNotices } from './notices.ts'
import { buildWindow } from './window.ts'

/**
 * `npm run build`: writes everything that a packaged app or `npm start` runs to dist/. `-- --sourcemap` adds source
 * maps of the desktop bundles for a debugger.
 */
const root = path.resolve(import.meta.dirname, '../..')
const dist = path.join(root, 'dist')
const sourcemap = process.argv.includes('--sourcemap')
const files = await Promise.all([buildWindow(path.join(dist, 'renderer')), buildDesktop({ outdir: dist, sourcemap })])
writeNotices(collectNotices(files.flat(), root), dist)
