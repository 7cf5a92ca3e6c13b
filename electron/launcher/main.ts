import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPath } from '../../core/explorer/host/check-path.ts'
import { messageOf, UNEXPECTED_ERROR } from '../../core/format/errors.ts'
import { visibleText } from '../../core/format/visible-text.ts'
import { resolveArgument } from '../../core/system/given-path.ts'
import { type LauncherCommand, HELP, readArguments } from './arguments.ts'
import { ensureBuilt } from './build.ts'
import { runDesktop } from './desktop.ts'
import { findElectron } from './electron-program.ts'
import { ROOT, SAMPLE_STORE } from './folders.ts'
import { openBrowser } from './open-browser.ts'
import { serve } from './serve.ts'
import { watchTerminal } from './terminal-lines.ts'

const WRONG_USE = 2

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const printError = (line: string): void => void process.stderr.write(`${visibleText(line)}\n`)

const printFailure = (error: unknown): void => printError(`${UNEXPECTED_ERROR}: ${messageOf(error)}`)

const readVersion = (): string =>
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version

export async function main(argv: string[]): Promise<number> {
  const command = readArguments(argv)
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP)
      return 0
    case 'version':
      print(readVersion())
      return 0
    case 'wrong':
      printError(command.message)
      return WRONG_USE
    case 'run':
      return run(command)
    default:
      return command satisfies never
  }
}

async function run({ paths, browser, port, dev }: Extract<LauncherCommand, { kind: 'run' }>): Promise<number> {
  // npm runs scripts in the package's folder; INIT_CWD is the user's folder.
  const from = process.env['INIT_CWD'] ?? process.cwd()
  const openPaths = paths.length > 0 ? paths.map(path => resolveArgument(path, from)) : [SAMPLE_STORE]
  const problems = openPaths.map(checkPath).filter(problem => problem !== undefined)
  if (problems.length === openPaths.length) {
    for (const { message } of problems) printError(message)
    return WRONG_USE
  }
  if (dev) return serveUntilEnd(openPaths, port, dev)
  try {
    await ensureBuilt(() => print('Building the window…'))
  } catch (error) {
    printError("The window can't be built.")
    for (const line of messageOf(error).split('\n')) printError(line)
    return 1
  }
  if (!browser) {
    const why = await desktop(openPaths)
    if (typeof why === 'number') return why
    print(visibleText(`The desktop window can't be shown: ${why}. Serving the same window to a browser instead.`))
  }
  return serveUntilEnd(openPaths, port, dev)
}

/** Resolves with the exit status of the desktop window, or with the reason why it did not start. */
async function desktop(openPaths: string[]): Promise<number | string> {
  const program = await findElectron(print)
  if ('why' in program) return program.why
  const end = await runDesktop(program.path, openPaths)
  return 'why' in end ? end.why : end.status
}

/** Serves the window until a signal. An unexpected failure ends only the request or connection that it happened in. */
async function serveUntilEnd(openPaths: string[], port: number, dev: boolean): Promise<number> {
  const asked = Promise.withResolvers<void>()
  let isAsked = false
  const end = (): void => {
    isAsked = true
    asked.resolve()
  }
  // Ctrl-C may arrive twice: from the terminal, and from the older Node that started this one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  let server: Awaited<ReturnType<typeof serve>>
  try {
    server = await serve({ openPaths, port, version: readVersion(), dev, stopped: asked.promise })
  } catch (error) {
    printError(portProblem(port, error))
    return WRONG_USE
  }
  if (isAsked) {
    await server.close()
    return 0
  }
  for (const problem of server.problems) printError(problem)
  if (server.problems.length === openPaths.length) {
    await server.close()
    return WRONG_USE
  }
  process.on('uncaughtException', printFailure).on('unhandledRejection', printFailure)
  print(`NumPack Explorer is at ${server.newAddress()}`)
  const stopWatching = watchTerminal(() => print(`NumPack Explorer is at ${server.newAddress()}`))
  print(`This address works once. ${stopWatching === null ? '' : 'Press Enter for another one. '}Press Ctrl-C to end.`)
  if (process.platform === 'darwin') print('Safari does not find this address: open it in Chrome, Edge or Firefox.')
  const removeFile = await openBrowser(onUsed => server.newAddress(onUsed))
  await asked.promise
  stopWatching?.()
  removeFile()
  await server.close()
  return 0
}

function portProblem(port: number, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program: choose another one, or leave --port out.`
  if (code === 'EACCES') return `Port ${port} may not be used here: choose one above 1023, or leave --port out.`
  return `The window can't be served on port ${port} (${message}).`
}
