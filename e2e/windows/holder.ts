import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What a program that has a file open lets others do with it, and whether it has it mapped. */
export const MODES = ['none', 'read', 'readwrite', 'readwrite+map', 'all', 'all+map'] as const
export type HolderMode = (typeof MODES)[number]

/** Built from shared/windows/hold.c; without it, PowerShell does the same. */
const HOLD_EXE = process.env['HOLD_EXE'] ?? 'Z:\\kit\\hold.exe'

const command = (path: string, mode: HolderMode, seconds?: number): [string, string[]] => {
  const args = [path, mode, ...(seconds === undefined ? [] : [String(seconds)])]
  if (existsSync(HOLD_EXE)) return [HOLD_EXE, args]
  const script = join(import.meta.dirname, 'hold.ps1')
  return ['powershell.exe', ['-NoProfile', '-ExecutionPolicy', 'Bypass', '-File', script, ...args]]
}

/** Another program that has a file open, until it is disposed or, if given, for so many seconds. */
export async function holdFile(path: string, mode: HolderMode, seconds?: number): Promise<AsyncDisposable> {
  const [program, args] = command(path, mode, seconds)
  const holder = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(holder, 'exit')
  const [text] = (await Promise.race([once(holder.stdout, 'data'), ended])) as [Buffer | number | null]
  if (!(text instanceof Buffer) || !text.toString().startsWith('held'))
    throw new Error(`${program} can't hold ${path}: ${String(text)}`)
  return {
    [Symbol.asyncDispose]: async () => {
      if (seconds === undefined) holder.stdin.end()
      await ended
    },
  }
}
