import { CommanderError } from 'commander'
import { asNumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { visibleText } from '../format/visible-text.ts'
import { type Cli, formatJson, makeProgram } from './program.ts'

const OK = 0
const BAD = 1
const WRONG_USE = 2
/** Status after a signal: 128 plus its number, as in shells. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

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
    print: text => void process.stdout.write(`${text}\n`),
    printError: text => void process.stderr.write(`${text}\n`),
    bad: () => (status ||= BAD),
  }
  const fail = (error: unknown): void => {
    cli.printError(visibleText(asNumPackError(error).message))
    process.exit(BAD)
  }
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
