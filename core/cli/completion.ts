import { Argument, type Command, type Option } from 'commander'
import { resolveArgument } from '../system/given-path.ts'
import { openArraySource } from './array-source.ts'
import type { Cli } from './command-line.ts'
import { COMPLETION_SCRIPTS } from './completion-scripts.ts'

/** What a shell may complete a word to: these texts, or the paths that it knows itself. */
type Completions = readonly string[] | 'paths'

/** Printed instead of texts: the shell completes paths. */
const PATHS = ':paths'

/** The command that the scripts of the shells call; it is not shown in the help. */
const COMPLETE = 'complete'

export function addCompletion(program: Command, { print }: Cli): void {
  program
    .command('completion')
    .description('print what makes a shell complete this command')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(COMPLETION_SCRIPTS)))
    .action((shell: keyof typeof COMPLETION_SCRIPTS) => print(COMPLETION_SCRIPTS[shell].trim()))
  program
    .command(COMPLETE, { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const found = await completionsOf(program, words, arraysOf)
      const texts = found === 'paths' ? [PATHS] : found
      if (texts.length > 0) print(texts.join('\n'))
    })
}

/** Returns the names of the arrays; none if the path is no store or package yet. */
async function arraysOf(path: string): Promise<string[]> {
  try {
    using source = await openArraySource(resolveArgument(path, process.cwd()))
    return source.arrays.map(({ name }) => name).filter(name => !name.includes('\n'))
  } catch {
    return []
  }
}

/** Completes the last of the words after the program's name. */
async function completionsOf(
  program: Command,
  words: readonly string[],
  arraysOf: (path: string) => Promise<readonly string[]>,
): Promise<Completions> {
  const word = words.at(-1) ?? ''
  const starting = (texts: readonly string[]): string[] => texts.filter(text => text.startsWith(word))
  if (words.length < 2) return starting([...visibleCommands(program), ...flagsOf(program)])
  const command = program.commands.find(each => each.name() === words[0])
  if (command === undefined) return []
  const { given, valueOf } = readWords(command, words.slice(1, -1))
  if (valueOf !== null) return starting(valueOf.argChoices ?? [])
  if (word.startsWith('-')) return starting(flagsOf(command))
  const argument = command.registeredArguments[given.length]
  if (argument === undefined) return []
  if (argument.argChoices !== undefined) return starting(argument.argChoices)
  return argument.name() === 'array' ? starting(await arraysOf(given[0] ?? '')) : 'paths'
}

const visibleCommands = (program: Command): string[] =>
  program
    .createHelp()
    .visibleCommands(program)
    .map(command => command.name())

const flagsOf = (command: Command): string[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? [])

/** Returns the arguments among the words before the one to complete, and the option that takes that as its value. */
function readWords(command: Command, words: readonly string[]): { given: string[]; valueOf: Option | null } {
  const given: string[] = []
  let valueOf: Option | null = null
  for (const word of words) {
    const option = command.options.find(({ short, long }) => word === short || word === long)
    if (valueOf !== null) valueOf = null
    else if (option !== undefined) valueOf = option.required ? option : null
    else if (!word.startsWith('-')) given.push(word)
  }
  return { given, valueOf }
}
