import { COMMAND_GROUPS, type Command } from '../model/commands.ts'
import { formatKeys } from '../ui/keys.ts'

const inSentence = (title: string): string => title[0]!.toLowerCase() + title.slice(1).replace('…', '')

const entry = ({ key, title }: Command): string => `\`${formatKeys(key, false)}\` ${inSentence(title)}`

export function keyTable(commands: readonly Command[]): string {
  const line = (group: string): string => {
    const entries = commands.filter(command => command.group === group).map(entry)
    return `| ${group} | ${entries.join(' · ')} |`
  }
  return ['| | Keys |', '| --- | --- |', ...COMMAND_GROUPS.map(line)].join('\n')
}
