import path from 'node:path'
import { app } from 'electron'

/** dist/main, where the bundle of this file lies. */
export const MAIN_FOLDER = import.meta.dirname

/** Files of the app that other parts of Electron or Node open by themselves. */
export const PRELOAD = path.join(MAIN_FOLDER, '../preload/preload.cjs')
export const WINDOW_FOLDER = path.join(MAIN_FOLDER, '../renderer')

/** The engine's thread is started from this file's text: Node opens no file inside app.asar by itself. */
export const ENGINE_WORKER = path.join(MAIN_FOLDER, 'engine-worker.cjs')

const assets = app.isPackaged ? process.resourcesPath : path.join(MAIN_FOLDER, '../../assets')
export const ICON = path.join(assets, 'icon.png')
export const SAMPLE_STORE = path.join(assets, 'sample.npk')
