import path from 'node:path'
import { buildDesktop } from './desktop.ts'
import { collectNotices, writeNotices } from './notices.ts'
import { buildWindow } from './window.ts'

/** `npm run build`: writes dist/, which a packaged app or `npm start` runs. `-- --sourcemap` adds source maps. */
const root = path.resolve(import.meta.dirname, '../..')
const dist = path.join(root, 'dist')
const sourcemap = process.argv.includes('--sourcemap')
const files = await Promise.all([buildWindow(path.join(dist, 'renderer')), buildDesktop({ outdir: dist, sourcemap })])
writeNotices(collectNotices(files.flat(), root), dist)
