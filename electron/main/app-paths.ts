import path from 'node:path'
import { app } from 'electron'

export const MAIN_FOLDER = import.meta.dirname

export const PRELOAD = path.join(MAIN_FOLDER, '../preload/preload.cjs')
export const WINDOW_FOLDER = path.join(MAIN_FOLDER, '../renderer')

/** Node opens no file inside app.asar by itself, so the engine thread starts from the text of this file. */
export const ENGINE_WORKER = path.join(MAIN_FOLDER, 'engine-worker.cjs')

const assets = app.isPackaged ? process.resourcesPath : path.join(MAIN_FOLDER, '../../assets')
export const ICON = path.join(assets, 'icon.png')
export const SAMPLE_STORE = path.join(assets, 'sample.npk')
