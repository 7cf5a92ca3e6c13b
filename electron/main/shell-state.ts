import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { ignoreErrors } from '../../core/system/ignore-errors.ts'
import { handles } from '../../core/system/handles.ts'
import { makePrivateFolder, PRIVATE_FILE } from '../../core/system/private-folder.ts'

/** State that is needed before the engine exists. `theme` is that of the settings, when the app last knew them. */
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

const MOST_BYTES = 65_536

export function readShellState(file: string): ShellState {
  try {
    return ShellState.parse(JSON.parse(Buffer.from(handles.readFile(file, MOST_BYTES).bytes).toString()))
  } catch {
    return { placement: null, theme: 'system' }
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
