// @vitest-environment happy-dom
import { act, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Settings } from '../../../core/explorer/contract/types.ts'
import { loadSettings } from '../../model/settings.ts'
import { FakeHost } from '../../model/test-support/fake-host.ts'
import { fakeSettings } from '../../model/test-support/fake-settings.ts'
import { renderPanel } from '../../model/test-support/render-panel.tsx'
import { SettingsDialog } from './settings-dialog.tsx'

interface Shown {
  file?: string | null
  canPickFolder?: boolean
}

async function showSettings(
  change: Partial<Settings> = {},
  { file = '/home/ada/.local/share/numpack-explorer/settings.json', canPickFolder = false }: Shown = {},
) {
  const host = new FakeHost({
    ...fakeSettings(change, file),
    pickFolder: () => ({ result: { paths: ['/picked'] } }),
  })
  const onClose = vi.fn<() => void>()
  const panel = renderPanel(<SettingsDialog onClose={onClose} />, host)
  const environment = {
    host: 'browser' as const,
    platform: 'linux',
    version: '1',
    programs: [],
    homeFolder: '/home/ada',
    sampleStore: '',
    canPickFolder,
    canShowInFolder: false,
    notices: [],
  }
  await act(async () => {
    panel.app.session.setState({ environment })
    await loadSettings(panel.app)
  })
  return { ...panel, host, onClose, values: () => panel.app.settings.getState().values }
}

const radio = (name: string) => screen.getByRole('radio', { name })
const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name })
const resets = () =>
  screen.queryAllByRole('button', { name: /^Reset/ }).map(button => button.getAttribute('aria-label'))
const reset = (name: string) => screen.queryByRole('button', { name: `Reset ${name}` })

test('the dialog shows every setting as it is, and where they are kept', async () => {
  await showSettings({
    theme: 'dark',
    rowDensity: 'compact',
    cellFormat: 'hex',
    decimalComma: true,
    restoresStores: false,
    backupFolder: '/usb',
    workerThreads: 3,
    cacheBytes: 2 ** 29,
  })
  expect(screen.getByRole('dialog', { name: 'Settings' })).toBeDefined()
  const checked = screen.getAllByRole('radio', { checked: true }).map(({ textContent }) => textContent)
  expect(checked).toEqual(['Dark', 'Compact', 'Hexadecimal', 'Comma, 0,5', 'Open nothing'])
  expect(field('Backup folder').value).toBe('/usb')
  expect(field('Worker threads').value).toBe('3')
  expect(field('Cache limit').value).toBe('0.5')
  expect(screen.getByText('/home/ada/.local/share/numpack-explorer/settings.json')).toBeDefined()
})

test.each([
  ['Light', { theme: 'light' }],
  ['Comfortable', { rowDensity: 'comfortable' }],
  ['Scientific', { cellFormat: 'scientific' }],
  ['Comma, 0,5', { decimalComma: true }],
  ['Open nothing', { restoresStores: false }],
])('choosing %s applies and is kept at once', async (name, change) => {
  const { user, host, values } = await showSettings()
  await user.click(radio(name))
  expect(values()).toMatchObject(change)
  const [[key, value] = []] = Object.entries(change)
  expect(host.paramsOf('setSetting')).toEqual([{ key, value }])
})

test('a number applies while it is typed, and an empty field is automatic', async () => {
  const { user, values } = await showSettings()
  await user.type(field('Worker threads'), '12')
  expect(values().workerThreads).toBe(12)
  await user.clear(field('Worker threads'))
  expect(values().workerThreads).toBeNull()
  await user.type(field('Cache limit'), '0.5')
  await user.tab()
  expect(values().cacheBytes).toBe(2 ** 29)
  expect(screen.queryByRole('alert')).toBeNull()
})

test('what is no number is refused beside the field when it is left, and changes nothing', async () => {
  const { user, values } = await showSettings({ workerThreads: 4 })
  const threads = field('Worker threads')
  await user.clear(threads)
  await user.type(threads, 'many')
  expect(screen.queryByRole('alert')).toBeNull()
  await user.tab()
  expect(screen.getByRole('alert').textContent).toBe('Type a whole number from 1 to 64, or nothing.')
  expect([threads.value, threads.getAttribute('aria-invalid')]).toEqual(['many', 'true'])
  expect(threads.getAttribute('aria-describedby')).toContain(screen.getByRole('alert').id)
  expect(values().workerThreads).toBeNull()
  await user.clear(threads)
  await user.type(threads, '7{Enter}')
  expect(screen.queryByRole('alert')).toBeNull()
  expect(values().workerThreads).toBe(7)
})

test('only settings that differ from their default can be reset, and the focus stays in their row', async () => {
  const { user, values } = await showSettings({ theme: 'dark', backupFolder: '/usb' })
  expect(resets()).toEqual(['Reset theme', 'Reset backup folder'])
  await user.click(reset('theme')!)
  expect(values().theme).toBe('system')
  expect(within(screen.getByRole('radiogroup', { name: 'Theme' })).getAllByRole('radio')).toContain(
    document.activeElement,
  )
  await user.click(reset('backup folder')!)
  expect(values().backupFolder).toBeNull()
  expect(field('Backup folder').value).toBe('')
  expect(document.activeElement).toBe(field('Backup folder'))
  expect(resets()).toEqual([])
})

test('a folder of the system’s dialog becomes the backup folder', async () => {
  const { user, values } = await showSettings({}, { canPickFolder: true })
  await user.click(screen.getByRole('button', { name: 'Choose the backup folder' }))
  await waitFor(() => expect(values().backupFolder).toBe('/picked'))
  expect(field('Backup folder').value).toBe('/picked')
})

test('a change by another window shows, also in a field in which something else was typed', async () => {
  const { user, app, host } = await showSettings()
  const stop = host.subscribe(event => {
    if (event.type === 'settingsChanged') app.settings.setState({ values: event.settings })
  })
  await user.type(field('Worker threads'), '0')
  const settings = { ...app.settings.getState().values, theme: 'dark' as const, workerThreads: 5 }
  act(() => host.emit({ type: 'settingsChanged', settings }))
  expect(radio('Dark').getAttribute('aria-checked')).toBe('true')
  expect(field('Worker threads').value).toBe('5')
  stop()
})

/** The name of what has the focus; of a choice, that of its active option. */
function focused(): string {
  const element = document.activeElement as HTMLElement
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined
  return label ?? element.getAttribute('aria-label') ?? element.textContent
}

test('Tab reaches every control, from the first on, and Escape closes the dialog', async () => {
  const { user, onClose } = await showSettings({ theme: 'dark' }, { canPickFolder: true })
  const reached: string[] = []
  for (let i = 0; i < 10; i++) {
    await user.tab()
    reached.push(focused())
  }
  expect(reached).toEqual([
    'Dark',
    'Reset theme',
    'Normal',
    'Full precision',
    'Point, 0.5',
    'Open the last stores',
    'Backup folder',
    'Choose the backup folder',
    'Worker threads',
    'Cache limit',
  ])
  await user.keyboard('{Escape}')
  expect(onClose).toHaveBeenCalledOnce()
})

test('without a file the dialog says that settings end with the program', async () => {
  await showSettings({}, { file: null })
  expect(screen.getByText('Settings are kept only until the program ends.')).toBeDefined()
})
