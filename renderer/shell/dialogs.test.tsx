// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { arrayInfo, FakeHost, storeInfo } from '../model/test-support/fake-host.ts'
import { openStore, renderPanel } from '../model/test-support/render-panel.tsx'
import { COMMANDS } from './commands.ts'
import { Dialogs } from './dialogs.tsx'

afterEach(() => {
  vi.unstubAllGlobals()
})

type Kind = 'palette' | 'shortcuts' | 'notices' | 'warnings'

function showDialog(kind: Kind, store = storeInfo(1, '/data/study.npk', [arrayInfo({ name: 'scores' })])) {
  const panel = renderPanel(<Dialogs />, new FakeHost(), { commands: COMMANDS, store: openStore(store) })
  act(() => panel.app.dialogs.setState({ open: { kind } }))
  return panel
}

test('the palette finds a command by its words and runs it after it has closed', async () => {
  const { user, app } = showDialog('palette')
  expect(screen.getByRole('dialog', { name: 'Commands' })).toBeDefined()
  const search = screen.getByRole('combobox')
  expect(document.activeElement).toBe(search)
  await user.type(search, 'keyboard short')
  expect(screen.getAllByRole('option').map(option => option.textContent)).toEqual(['Keyboard shortcuts?'])
  await user.keyboard('{Enter}')
  await vi.waitFor(() => expect(app.dialogs.getState().open).toEqual({ kind: 'shortcuts' }))
})

test('the palette says when nothing has that name', async () => {
  const { user } = showDialog('palette')
  await user.type(screen.getByRole('combobox'), 'qqq')
  expect(screen.getByText('No results.')).toBeDefined()
})

test('the warnings of a store without any say that all is well', async () => {
  const { user, app } = showDialog('warnings')
  expect(screen.getByRole('dialog', { name: 'Warnings about study.npk' })).toBeDefined()
  expect(screen.getByText('This store has no warnings.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Close' }))
  expect(app.dialogs.getState().open).toBeNull()
})

test('the warnings name each array that is damaged or odd', () => {
  const arrays = [
    arrayInfo({ name: 'scores', damaged: 'its data file is missing' }),
    arrayInfo({ name: 'labels', warnings: ['its bitmap is too long'] }),
    arrayInfo({ name: 'fine' }),
  ]
  showDialog('warnings', storeInfo(1, '/data/study.npk', arrays))
  expect(screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)).toEqual([
    'scores',
    'labels',
  ])
  expect(screen.getByText('Damaged: Its data file is missing.')).toBeDefined()
  expect(screen.getByText('Its bitmap is too long.')).toBeDefined()
})

test('the licences appear when they are loaded; where they are missing, the dialog says what to do', async () => {
  const notices = [{ packages: ['react', 'react-dom'], license: 'MIT', texts: ['Permission is hereby granted'] }]
  vi.stubGlobal('fetch', async () => Response.json(notices))
  const { app } = showDialog('notices')
  expect(await screen.findByRole('heading', { name: 'react, react-dom' })).toBeDefined()
  act(() => app.dialogs.setState({ open: null }))
  vi.stubGlobal('fetch', async () => new Response(null, { status: 404 }))
  act(() => app.dialogs.setState({ open: { kind: 'notices' } }))
  expect(await screen.findByText('The third-party notices are missing. Reinstall NumPack Explorer.')).toBeDefined()
})
