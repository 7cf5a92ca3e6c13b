import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

export const RENDERER_FOLDER = join(ROOT, 'dist', 'renderer')

export const SAMPLE_STORE = join(ROOT, 'assets', 'sample.npk')
