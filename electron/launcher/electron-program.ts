import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './folders.ts'

/** Electron's program, or why there is none, as the end of the sentence 'The desktop window can't be shown: …'. */
export type ElectronProgram = { path: string } | { why: string }

const HEARTBEAT_MS = 5000

export const hasScreen = (platform = process.platform, env = process.env): boolean =>
  platform === 'win32' || platform === 'darwin' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])

/** Returns the program as the package's index.js finds it; undefined before the download. */
function installedProgram(folder: string): string | undefined {
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) return join(override, name ?? 'electron')
  const program = name === undefined ? undefined : join(folder, 'dist', name)
  return program !== undefined && existsSync(program) ? program : undefined
}

/** Runs the package's own download. Resolves with the reason when it fails, else with undefined. */
function download(folder: string, print: (line: string) => void): Promise<string | undefined> {
  const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const started = Date.now()
  const heartbeat = setInterval(
    () => print(`… still downloading Electron (${Math.round((Date.now() - started) / 1000)} s)`),
    HEARTBEAT_MS,
  )
  let errorText = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorText += text
  })
  return new Promise(resolve => {
    const end = (reason: string | undefined): void => {
      clearInterval(heartbeat)
      resolve(reason)
    }
    child.once('error', error => end(error.message))
    child.once('close', status => end(status === 0 ? undefined : failureReason(errorText, status)))
  })
}

/** Returns the first line of an error output, without the name of the error. */
const failureReason = (errorText: string, status: number | null): string =>
  errorText
    .trim()
    .split('\n')[0]
    ?.replace(/^\w*Error: /, '') || `status ${status}`

/** Finds Electron's program. Downloads it when it is missing, and prints lines about that. */
export async function findElectron(print: (line: string) => void): Promise<ElectronProgram> {
  if (!hasScreen()) return { why: 'there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)' }
  const folder = join(ROOT, 'node_modules', 'electron')
  if (!existsSync(join(folder, 'package.json'))) return { why: 'the package electron is not installed' }
  const installed = installedProgram(folder)
  if (installed !== undefined) return { path: installed }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  print(`Downloading Electron ${version}, about 120 MB; this happens only once.`)
  const failure = await download(folder, print)
  if (failure !== undefined) return { why: `Electron could not be downloaded (${failure})` }
  const path = installedProgram(folder)
  return path === undefined ? { why: 'Electron was downloaded, but its program is not there' } : { path }
}
