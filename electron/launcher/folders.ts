import { join } from 'node:path'

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '..', '..')

/** The window's bundle. */
export const RENDERER_FOLDER = join(ROOT, 'dist', 'renderer')

export const SAMPLE_STORE = join(ROOT, 'assets', 'sample.npk')
