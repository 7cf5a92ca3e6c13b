import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HELP, readArguments } from './arguments.ts'
import { ROOT, SAMPLE_STORE } from './folders.ts'
import { serve } from './serve.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const complain = (line: string): void => void process.stderr.write(`${line}\n`)

const readVersion = (): string =>
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version

/** `npm start`: sets the exit code, never throws for anything a user can do wrong. */
export async function main(argv: string[]): Promise<void> {
  const command = readArguments(argv)
  switch (command.kind) {
    case 'help':
      return say(HELP)
    case 'version':
      return say(readVersion())
    case 'wrong':
      process.exitCode = 2
      return complain(command.message)
    case 'run':
      return run(command.paths, command.port)
    default:
      return command satisfies never
  }
}

async function run(paths: string[], port: number): Promise<void> {
  // npm runs scripts in the package's folder; INIT_CWD is where the user stands.
  const from = process.env['INIT_CWD'] ?? process.cwd()
  const openPaths = paths.length > 0 ? paths.map(path => resolve(from, path)) : [SAMPLE_STORE]
  const server = await serve({ openPaths, notices: [], port, version: readVersion() })
  say(`NumPack Explorer is at ${server.url}`)
  say('Press Ctrl-C to end it.')
  const end = (): void => void server.close()
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}
