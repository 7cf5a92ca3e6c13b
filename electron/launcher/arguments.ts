import { messageOf } from '../../core/format/errors.ts'
import { parseArgs } from 'node:util'

export type LauncherCommand =
  | { kind: 'run'; paths: string[]; browser: boolean; port: number; dev: boolean }
  | { kind: 'help' }
  | { kind: 'version' }
  | { kind: 'wrong'; message: string }

export const HELP = `NumPack Explorer: shows what is in NumPack stores and packages.

  npm start -- [PATH...] [--browser] [--port N]

  PATH        a store (a folder such as data.npk) or a package (data.npkg); the sample store when there is none
  --browser   serve the window on loopback and open it in the browser, instead of the desktop window
  --port N    the port for that, 1 to 65535; any free one by default
  --dev       the same from the window's sources, with hot reload (npm run dev); for work on the window
  --help      this text
  --version   the version
`

const OPTIONS = {
  browser: { type: 'boolean' },
  dev: { type: 'boolean' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

export function readArguments(argv: string[]): LauncherCommand {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>
  try {
    parsed = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    const message = messageOf(error).split(/\.\s|\n/)[0]
    return { kind: 'wrong', message: `${message}. See --help.` }
  }
  const { values, positionals } = parsed
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  const empty = positionals.some(path => path === '')
  if (empty) return { kind: 'wrong', message: 'A path is empty. See --help.' }
  const port = values.port === undefined ? 0 : Number(values.port)
  if (values.port?.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    return { kind: 'wrong', message: `--port takes a number from 1 to 65535, not '${values.port}'. See --help.` }
  return { kind: 'run', paths: positionals, browser: values.browser ?? false, port, dev: values.dev ?? false }
}
