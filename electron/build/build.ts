import path from 'node:path'
import { buildDesktop } from './desktop.ts'
import { buildWindow } from './window.ts'

/** `npm run build`: everything that a packaged app or `npm start` runs, in dist/. */
const dist = path.resolve(import.meta.dirname, '../../dist')
await Promise.all([buildWindow(path.join(dist, 'renderer')), buildDesktop({ outdir: dist })])
