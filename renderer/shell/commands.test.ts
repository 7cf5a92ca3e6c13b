import { expect, test } from 'vitest'
import { MENU_COMMANDS } from '../../core/explorer/contract/commands.ts'
import readme from '../../README.md?raw'
import { createApp } from '../model/app.ts'
import { isEnabled, runHostCommand } from '../model/commands.ts'
import { FakeHost } from '../model/test-support/fake-host.ts'
import { COMMANDS } from './commands.ts'
import { keyTable } from './key-table.ts'

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

/** The menu has Copy of the system, which copies cells as well; the others act on what has the focus or is on screen. */
const NOT_IN_MENU = ['copyCells', 'focusGrid', 'dismissNotice']

test('the desktop menu has every command of the window', () => {
  const missing = COMMANDS.map(({ id }) => id).filter(id => !Object.hasOwn(MENU_COMMANDS, id))
  expect(missing).toEqual(expect.arrayContaining(NOT_IN_MENU))
  expect(missing).toHaveLength(NOT_IN_MENU.length)
})

test('every command that a component names exists', () => {
  const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })
  const named = Object.values(sources).flatMap(text => [...text.matchAll(NAMED_COMMAND)].map(([, id]) => id!))
  const ids = new Set(COMMANDS.map(({ id }) => id))
  expect(named.length).toBeGreaterThan(40)
  expect(named.filter(id => !ids.has(id))).toEqual([])
})

test('the README’s table of keys is made from the commands', async () => {
  const table = /(?<=<!-- keys -->\n).*(?=\n<!-- end of keys -->)/s
  expect(readme).toMatch(table)
  await expect(readme.replace(table, () => keyTable(COMMANDS))).toMatchFileSnapshot('../../README.md')
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
