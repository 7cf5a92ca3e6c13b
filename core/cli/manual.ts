import type { Argument } from 'commander'
import { makeProgram, STATUSES } from './program.ts'

/** The manual of the command line, from the definitions of its commands: as a page of man(7), and in Markdown. */

interface Entry {
  readonly term: string
  readonly text: string
}

interface CommandEntry {
  readonly usage: string
  readonly text: string
  readonly entries: readonly Entry[]
}

const TERMINAL = 'Names are printed with control and other invisible characters escaped.'
const JSON_TEXTS = [
  'With --json the result goes to standard output as JSON, and an error as {"error": {"code", "message", "details"}}.',
  '64-bit integers have all their digits, as elements, extremes and sums. NaN and infinities are the texts "NaN", "Infinity" and "-Infinity".',
]

const upperFirst = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const argumentUsage = (argument: Argument): string => {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`
}

/** The program, to look at and not to run. */
const program = makeProgram({
  signal: new AbortController().signal,
  columns: null,
  print: () => {},
  printError: () => {},
  bad: () => {},
})

function listCommands(): CommandEntry[] {
  const help = program.createHelp()
  return help
    .visibleCommands(program)
    .filter(command => command.name() !== 'help')
    .map(command => ({
      usage: ['numpack', command.name(), ...command.registeredArguments.map(argumentUsage)].join(' '),
      text: `${upperFirst(command.description())}.`,
      entries: [
        ...help.visibleArguments(command).map(argument => ({
          term: help.argumentTerm(argument),
          text: help.argumentDescription(argument),
        })),
        ...help
          .visibleOptions(command)
          .filter(option => option.long !== '--help')
          .map(option => ({
            term: help.optionTerm(option),
            text: help.optionDescription(option),
          })),
      ],
    }))
}

const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')

const roffEntry = ({ term, text }: Entry): string[] => ['.TP', `.B ${roff(term)}`, roff(text)]

export function manualPage(): string {
  const commands = listCommands()
  return [
    `.TH NUMPACK 1 "" "numpack ${roff(program.version() ?? '')}" "User Commands"`,
    '.SH NAME',
    'numpack \\- look into NumPack stores and packages, pack and unpack them',
    '.SH SYNOPSIS',
    ...commands.flatMap(({ usage }) => [`.B ${roff(usage)}`, '.br']),
    '.SH DESCRIPTION',
    roff(program.description()),
    roff(TERMINAL),
    '.SH COMMANDS',
    ...commands.flatMap(({ usage, text, entries }) => [
      `.SS ${roff(usage)}`,
      roff(text),
      ...entries.flatMap(entry => roffEntry(entry)),
    ]),
    '.SH JSON',
    ...JSON_TEXTS.map(roff),
    '.SH EXIT STATUS',
    ...STATUSES.flatMap(([term, text]) => roffEntry({ term, text })),
    '',
  ].join('\n')
}

const markdownRow = ({ term, text }: Entry): string => `| \`${term}\` | ${text.replaceAll('|', '\\|')} |`

export function manualMarkdown(): string {
  return [
    '# numpack',
    '',
    program.description(),
    TERMINAL,
    '',
    ...listCommands().flatMap(({ usage, text, entries }) => [
      `## ${usage.replace(/^numpack (\S+).*/, '$1')}`,
      '',
      `    ${usage}`,
      '',
      text,
      '',
      '| | |',
      '| --- | --- |',
      ...entries.map(entry => markdownRow(entry)),
      '',
    ]),
    '## JSON',
    '',
    ...JSON_TEXTS,
    '',
    '## Exit status',
    '',
    '| | |',
    '| --- | --- |',
    ...STATUSES.map(([term, text]) => markdownRow({ term, text })),
    '',
  ].join('\n')
}
