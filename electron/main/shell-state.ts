import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { LIMITS } from '../../core/format/limits.ts'
import { ignoreErrors } from '../../core/system/ignore-errors.ts'
import { handles } from '../../core/system/handles.ts'
import { makePrivateFolder, PRIVATE_FILE } from '../../core/system/private-folder.ts'
import { LEAST_ZOOM, MOST_ZOOM } from './zoom.ts'

/** A window of the program, under whose number its stores are kept, and where it was. */
const SavedWindow = z.object({
  number: z.int().min(1).max(LIMITS.desktopWindows),
  placement: z.object({
    bounds: z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() }),
    maximized: z.boolean(),
  }),
})

/** State that is needed before the engine exists. `theme` is that of the settings, when the app last knew them. */
const ShellState = z.object({
  /** Windows that come back at the next start. */
  windows: z.array(SavedWindow).max(LIMITS.desktopWindows).catch([]),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  zoomLevel: z.int().min(LEAST_ZOOM).max(MOST_ZOOM).catch(0),
})

export type ShellState = z.infer<typeof ShellState>
export type SavedWindow = z.infer<typeof SavedWindow>

const MOST_BYTES = 65_536

export function readShellState(file: string): ShellState {
  try {
    return ShellState.parse(JSON.parse(Buffer.from(handles.readFile(file, MOST_BYTES).bytes).toString()))
  } catch {
    return { windows: [], theme: 'system', zoomLevel: 0 }
  }
}

/** Replaces the file atomically. Ignores a failure: the next window then opens at its default place. */
export function writeShellState(file: string, state: ShellState): void {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    makePrivateFolder(path.dirname(file))
    writeFileSync(temporary, JSON.stringify(state), { mode: PRIVATE_FILE, flag: 'wx' })
    renameSync(temporary, file)
  } catch {
    ignoreErrors(() => rmSync(temporary, { force: true }))
  }
}
