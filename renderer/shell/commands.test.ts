import { expect, test } from 'vitest'
import { MENU_COMMANDS } from '../../core/explorer/contract/commands.ts'
import { createApp } from '../model/app.ts'
import { isEnabled, runHostCommand } from '../model/commands.ts'
import { FakeHost } from '../model/test-support/fake-host.ts'
import { COMMANDS } from './commands.ts'

test('every command has an id and a key of its own', () => {
  expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length)
  expect(new Set(COMMANDS.map(({ key }) => key)).size).toBe(COMMANDS.length)
})

test('no key is one that browsers keep to themselves', () => {
  const reserved = new Set(['Mod+W', 'Mod+T', 'Mod+N', 'Mod+Q'])
  expect(COMMANDS.filter(({ key }) => reserved.has(key))).toEqual([])
})

test('the window has every command that a desktop menu offers', () => {
  const ids = new Set(COMMANDS.map(({ id }) => id))
  expect(MENU_COMMANDS.filter(id => !ids.has(id))).toEqual([])
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
