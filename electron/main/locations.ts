import path from 'node:path'
import { app } from 'electron'

/** dist/main, where the bundle of this file lies. */
const here = import.meta.dirname

/** Files of the app that other parts of Electron or Node open by themselves. */
export const PRELOAD = path.join(here, '../preload/preload.cjs')
export const WINDOW_FOLDER = path.join(here, '../renderer')

/** Node can't start a thread from inside app.asar, so the packaged worker lies beside it. */
export const ENGINE_WORKER = path
  .join(here, 'engine-worker.cjs')
  .replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`)

const assets = app.isPackaged ? process.resourcesPath : path.join(here, '../../assets')
export const ICON = path.join(assets, 'icon.png')
export const SAMPLE_STORE = path.join(assets, 'sample.npk')
