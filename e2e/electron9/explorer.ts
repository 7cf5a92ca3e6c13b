import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { _electron, type ElectronApplication, type Page } from 'playwright-electron9'
import { inject, onTestFinished, type TestContext } from 'vitest'
import type { Stage } from './setup.ts'
import { APP } from './test-build.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
export const STORES = path.join(ROOT, 'core/fixtures/stores')
const PICTURES = path.join(ROOT, 'test-results/electron9')

const START_MS = 30_000
const STEP_MS = 15_000
const PICTURE_MS = 20_000

export interface Explorer {
  app: ElectronApplication
  page: Page
  messages: string[]
  /** Lines on stderr, except those of the debuggers. */
  stderr: () => string
  /** Starts the program a second time, with these paths. Resolves when that process has ended. */
  startAgain: (...paths: string[]) => Promise<void>
  /** Saves a screenshot for people. */
  savePicture: (name: string) => Promise<void>
  /** Quits the app. Resolves with its exit status; null when a signal ended it. */
  quit: () => Promise<number | null>
}

export interface StartOptions {
  paths?: string[]
  home?: string
  /** Program of a packed app, which contains the app and the shims; default: the unpacked test build. */
  packed?: string
}

export function requireStage(ctx: TestContext): Exclude<Stage, { missing: string }> {
  const stage = inject('stage')
  if ('missing' in stage) return ctx.skip(stage.missing)
  return stage
}

export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'numpack-explorer-electron9-'))
  onTestFinished(() => removeFolder(folder))
  return folder
}

export function commandLine(
  stage: Exclude<Stage, { missing: string }>,
  home: string,
  packed?: string,
): { program: string; flags: string[]; env: Record<string, string> } {
  const shims = [
    '-r',
    path.join(stage.shims, 'electron9.js'),
    '-r',
    path.join(import.meta.dirname, 'worker-names.cjs'),
    APP,
  ]
  const flags = ['--no-sandbox', '--disable-gpu', ...(packed === undefined ? shims : [])]
  const env = {
    ...process.env,
    DISPLAY: stage.display,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    LANG: 'en_US.UTF-8',
    // Suppresses advice for developers that Electron 9 writes after trying `eval` in the page.
    ELECTRON_DISABLE_SECURITY_WARNINGS: 'true',
  }
  return { program: packed ?? stage.program, flags, env }
}

const DEBUGGER_LINE = /^(Debugger|For help, see|DevTools listening|Waiting for the debugger)/

function collectStderr(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () =>
    text
      .split('\n')
      .filter(line => line !== '' && !DEBUGGER_LINE.test(line))
      .join('\n')
}

export async function startExplorer(ctx: TestContext, options: StartOptions = {}): Promise<Explorer> {
  const { paths = [], home = scratchFolder(), packed } = options
  const { program, flags, env } = commandLine(requireStage(ctx), home, packed)
  const app = await _electron.launch({
    executablePath: program,
    args: [...flags, ...paths],
    cwd: ROOT,
    env,
    timeout: START_MS,
  })
  const child = app.process()
  const exit = once(child, 'exit') as Promise<[number | null]>
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const stderr = collectStderr(child)
  const page = await app.firstWindow({ timeout: START_MS })
  page.setDefaultTimeout(STEP_MS)
  const messages: string[] = []
  page.on('console', message => messages.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', error => messages.push(`uncaught: ${error.message}`))

  return {
    app,
    page,
    messages,
    stderr,
    startAgain: async (...more) => {
      await promisify(execFile)(program, [...flags, ...more], {
        cwd: ROOT,
        env,
        timeout: START_MS,
        killSignal: 'SIGKILL',
      })
    },
    savePicture: async name => {
      mkdirSync(PICTURES, { recursive: true })
      // Chromium 83 sometimes never answers: no test depends on a screenshot.
      await page
        .screenshot({ path: path.join(PICTURES, `${name}.png`), timeout: PICTURE_MS })
        .catch((error: unknown) => console.warn(`no picture of ${name}: ${String(error).split('\n')[0]}`))
    },
    quit: async () => {
      await app.evaluate(electron => electron.app.quit()).catch(() => undefined)
      const [status] = await exit
      return status
    },
  }
}
