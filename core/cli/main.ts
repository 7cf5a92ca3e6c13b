import { CommanderError } from 'commander'
import { asNumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { isErrno } from '../system/io-error.ts'
import { visibleText } from '../format/visible-text.ts'
import type { Cli } from './command-line.ts'
import { formatJson } from './json.ts'
import { makeProgram } from './program.ts'
import { USUAL_COLUMNS } from './progress-line.ts'

const OK = 0
const BAD = 1
const WRONG_USE = 2
/** Status after a signal: 128 plus its number, as in shells. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** As for a program that SIGPIPE ends. */
const PIPE_CLOSED = 141

/** A job's thread may wait for a disk, or for the lease that another user has on a file, and Node would wait for it. */
function endByForceLater(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LIMITS.endMilliseconds).unref()
}

export async function main(argv: string[]): Promise<number> {
  const cancelled = new AbortController()
  let status: number = OK
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      status = code
      if (!cancelled.signal.aborted) endByForceLater()
      cancelled.abort()
    })
  }
  const cli: Cli = {
    signal: cancelled.signal,
    // A terminal without a size reports 0.
    columns: process.stdout.isTTY ? process.stdout.columns || USUAL_COLUMNS : null,
    print: text => void process.stdout.write(`${text}\n`),
    printError: text => void process.stderr.write(`${text}\n`),
    bad: () => (status ||= BAD),
  }
  const fail = (error: unknown): void => {
    cli.printError(visibleText(asNumPackError(error).message))
    process.exit(BAD)
  }
  // Who reads the output has seen enough, as `head` has.
  process.stdout.on('error', error => (isErrno(error, 'EPIPE') ? process.exit(PIPE_CLOSED) : fail(error)))
  process.on('uncaughtException', fail).on('unhandledRejection', fail)
  try {
    await makeProgram(cli).parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    // Commander has already printed the error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : WRONG_USE
    const { code, message, details } = asNumPackError(error)
    if (argv.includes('--json')) cli.print(formatJson({ error: { code, message, details } }))
    cli.printError(visibleText(message))
    return status || (code === 'ARGUMENT' ? WRONG_USE : BAD)
  }
}
