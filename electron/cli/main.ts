import { CommanderError } from 'commander'
import { NumPackError } from '../../core/format/errors.ts'
import { type Cli, makeProgram } from './program.ts'
import { printable } from './table.ts'

/** Exit statuses: what was asked for is done and right; it failed, or what was looked at is bad; wrong usage. */
const OK = 0
const BAD = 1
const WRONG_USE = 2
/** Cancelled by a signal: 128 and its number, as shells have it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** `numpack-explorer`: packages from a terminal. Resolves with the exit status. */
export async function main(argv: string[]): Promise<number> {
  const cancelled = new AbortController()
  let status: number = OK
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      status = code
      cancelled.abort()
    })
  }
  const cli: Cli = {
    signal: cancelled.signal,
    say: text => void process.stdout.write(`${text}\n`),
    complain: text => void process.stderr.write(`${text}\n`),
    bad: () => (status ||= BAD),
  }
  try {
    await makeProgram(cli).parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    // Commander has said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : WRONG_USE
    if (!(error instanceof NumPackError)) throw error
    const { code, message, details } = error
    if (argv.includes('--json')) cli.say(JSON.stringify({ error: { code, message, details } }, null, 2))
    cli.complain(printable(message))
    return status || (code === 'ARGUMENT' ? WRONG_USE : BAD)
  }
}
