import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { makePrivateFolder, PRIVATE_FILE } from '../../core/system/private-folder.ts'

/**
 * What the shell must know before a window and its engine are there. A file of its own, because the other preferences
 * live in SQLite, which may not load.
 */
const ShellState = z.object({
  placement: z
    .object({
      bounds: z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() }),
      maximized: z.boolean(),
    })
    .nullable()
    .catch(null),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
})

export type ShellState = z.infer<typeof ShellState>
export const Theme = ShellState.shape.theme

/** The remembered state; the defaults when there is none or it can't be read. */
export function readShellState(file: string): ShellState {
  try {
    return ShellState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { placement: null, theme: 'system' }
  }
}

/** Replaces the file in one step. Nothing is said when the disk refuses: the next window opens in its usual place. */
export function writeShellState(file: string, state: ShellState): void {
  try {
    makePrivateFolder(path.dirname(file))
    const temporary = `${file}.${process.pid}.tmp`
    writeFileSync(temporary, JSON.stringify(state), { mode: PRIVATE_FILE })
    renameSync(temporary, file)
  } catch {
    return
  }
}
