import { expect, test } from 'vitest'
import { MENU_COMMANDS } from '../../core/explorer/contract/commands.ts'
import readme from '../../README.md?raw'
import { createApp } from '../model/app.ts'
import { isEnabled, runHostCommand } from '../model/commands.ts'
import { FakeHost } from '../model/test-support/fake-host.ts'
import { formatKeys } from '../ui/keys.ts'
import { COMMANDS } from './commands.ts'

const NAMED_COMMAND =
  /(?:runCommand\(app, |keysOf\(|iconProps\(|commands\.get\(|<CommandButton id=|\bcommand: )['"](\w+)['"]/g

test('every command has its own id and key', () => {
  expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length)
  expect(new Set(COMMANDS.map(({ key }) => key)).size).toBe(COMMANDS.length)
})

test('no command uses a key that browsers reserve', () => {
  const reserved = new Set(['Mod+W', 'Mod+T', 'Mod+N', 'Mod+Q'])
  expect(COMMANDS.filter(({ key }) => reserved.has(key))).toEqual([])
})

test('the window has every command of the desktop menu, with the same key', () => {
  const commands = new Map(COMMANDS.map(command => [command.id, command]))
  const items = Object.entries(MENU_COMMANDS)
  expect(items.filter(([id]) => !commands.has(id))).toEqual([])
  expect(items.filter(([id, item]) => 'key' in item && commands.get(id)?.key !== item.key)).toEqual([])
})

test('every command that a component names exists', () => {
  const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
  const named = Object.values(sources).flatMap(text => [...text.matchAll(NAMED_COMMAND)].map(([, id]) => id!))
  const ids = new Set(COMMANDS.map(({ id }) => id))
  expect(named.length).toBeGreaterThan(40)
  expect(named.filter(id => !ids.has(id))).toEqual([])
})

test('every key in the README’s table is the key of a command or of the grid', () => {
  const table = readme.slice(readme.indexOf('| Keys |')).split('\n\n')[0]!
  const cells = table.split('\n').map(line => line.split(' | ')[0]!)
  const keys = cells.flatMap(cell => [...cell.matchAll(/`([^`]+)`/g)].map(([, key]) => key!))
  const known = new Set([...COMMANDS.map(({ key }) => formatKeys(key, false)), 'Ctrl+Home', 'Ctrl+End'])
  expect(keys.length).toBeGreaterThan(30)
  expect(keys.filter(key => !known.has(key))).toEqual([])
})

test('the window runs a command that the host names and ignores an unknown one', () => {
  const app = createApp(new FakeHost(), { commands: COMMANDS })
  runHostCommand(app, 'commandPalette')
  expect(app.dialogs.getState().open).toEqual({ kind: 'palette' })
  runHostCommand(app, 'commandPalette')
  expect(app.dialogs.getState().open).toBeNull()
  runHostCommand(app, 'toString')
  runHostCommand(app, 'backUp')
})

test('without a store, commands that act on one are disabled', () => {
  const app = createApp(new FakeHost(), { commands: COMMANDS })
  const offered = app.commands.list.filter(command => isEnabled(app, command)).map(({ id }) => id)
  expect(offered).toContain('openFolder')
  expect(offered).not.toContain('closeStore')
  expect(offered).not.toContain('goToRow')
})
