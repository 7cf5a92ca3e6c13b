import { expect, test } from 'vitest'
import { MENU_COMMANDS } from '../../core/explorer/contract/commands.ts'
import { createApp } from '../model/app.ts'
import { FakeHost } from '../model/test-support/fake-host.ts'
import { COMMAND_NAMES, COMMANDS, isEnabled, runNamedCommand } from './commands.ts'

test('every command has a key of its own', () => {
  const keys = COMMAND_NAMES.map(name => COMMANDS[name].keys)
  expect(new Set(keys).size).toBe(keys.length)
})

test('no key is one that browsers keep to themselves', () => {
  const reserved = new Set(['Mod+W', 'Mod+T', 'Mod+N', 'Mod+Q'])
  expect(COMMAND_NAMES.filter(name => reserved.has(COMMANDS[name].keys))).toEqual([])
})

test('what a desktop menu offers is there', () => {
  expect(MENU_COMMANDS.filter(name => !Object.hasOwn(COMMANDS, name))).toEqual([])
})

test('a command by its name; unknown names do nothing', () => {
  const app = createApp(new FakeHost())
  runNamedCommand(app, 'commandPalette')
  expect(app.dialogs.getState().open).toEqual({ kind: 'palette' })
  runNamedCommand(app, 'commandPalette')
  expect(app.dialogs.getState().open).toBeNull()
  runNamedCommand(app, 'toString')
  runNamedCommand(app, 'backUp')
})

test('without a store, what acts on one is not offered', () => {
  const app = createApp(new FakeHost())
  const offered = COMMAND_NAMES.filter(name => isEnabled(app, name))
  expect(offered).toContain('openFolder')
  expect(offered).not.toContain('closeStore')
  expect(offered).not.toContain('goToRow')
})
