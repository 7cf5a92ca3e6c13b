import { Command } from 'commander'
import { visibleText } from '../format/visible-text.ts'
import { libraryVersion } from '../system/library-folder.ts'
import { addHead, addList, addStatistics } from './array-commands.ts'
import type { Cli } from './command-line.ts'
import { addCompletion } from './completion.ts'
import { addInfo, addPack, addUnpack, addVerify } from './package-commands.ts'

/** Exit statuses, for the help and the manual. */
export const STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'Everything went well.'],
  ['1', 'The command failed, or found something damaged. Standard error says what.'],
  ['2', 'The command line is wrong.'],
  ['141', 'The reader of the output ended, as head does. Nothing is printed about it.'],
  ['129, 130, 143', 'Ended by SIGHUP, SIGINT (Ctrl-C) or SIGTERM. Nothing half-made is left.'],
]

export function makeProgram(cli: Cli): Command {
  const program = new Command('numpack')
    .description('Look into NumPack stores and packages; pack stores, verify packages and unpack them.')
    .version(libraryVersion(), '-v, --version')
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('See --help.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(visibleLines(text)) })
  for (const add of [addList, addInfo, addHead, addStatistics, addPack, addUnpack, addVerify]) add(program, cli)
  program.commands.forEach(command => command.option('--json', 'print the result as JSON on standard output'))
  addCompletion(program, cli)
  program.commands.forEach(command => command.copyInheritedSettings(program))
  const statuses = STATUSES.map(([status, meaning]) => `  ${status.padEnd(15)}${meaning}`)
  return program.addHelpText('after', `\nExit status:\n${statuses.join('\n')}`)
}

const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n')
