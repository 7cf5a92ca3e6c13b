import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { MENU_COMMANDS } from '../../core/explorer/contract/commands.ts'
import { type MenuOptions, menuTemplate } from './menu.ts'

const click = (item: MenuItemConstructorOptions | undefined): void => (item?.click as (() => void) | undefined)?.()

const ZOOMS = { in: 'zoomWindowIn', out: 'zoomWindowOut', reset: 'resetWindowZoom' }

function menu(overrides: Partial<MenuOptions> = {}) {
  const calls: string[] = []
  const template = menuTemplate({
    platform: 'linux',
    recents: [],
    developer: false,
    newWindow: () => calls.push('newWindow'),
    openFolder: () => calls.push('openFolder'),
    openPackage: () => calls.push('openPackage'),
    openPath: path => calls.push(path),
    command: command => calls.push(command),
    zoom: direction => calls.push(ZOOMS[direction]),
    ...overrides,
  })
  const all = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap(item => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])])
  const items = all(template)
  return { items, calls, byId: (id: string) => items.find(item => item.id === id) }
}

test('every command of the menu reaches the window under its name', () => {
  const { byId, calls } = menu()
  const ids = Object.keys(MENU_COMMANDS)
  for (const id of ids) click(byId(id))
  expect(calls).toEqual(ids)
})

test('no key belongs to two items', () => {
  const keys = menu({ developer: true }).items.flatMap(item => item.accelerator ?? [])
  expect(keys).toEqual(expect.arrayContaining(['CmdOrCtrl+O', 'CmdOrCtrl+Shift+N', 'CmdOrCtrl+=', 'Alt+Down']))
  expect(new Set(keys).size).toBe(keys.length)
})

test('recent stores are offered by name and opened by path, the latest ten', () => {
  const recents = Array.from({ length: 12 }, (_, i) => ({ name: `R&D ${i}.npk`, path: `/data/${i}.npk` }))
  const { byId, calls } = menu({ recents })
  const shown = byId('openRecent')?.submenu as MenuItemConstructorOptions[]
  expect(shown.map(item => item.label)).toEqual(recents.slice(0, 10).map((_, i) => `R&&D ${i}.npk`))
  click(shown[3])
  expect(calls).toEqual(['/data/3.npk'])
})

test('names with invisible and direction characters are shown escaped, and opened as they are', () => {
  const path = '/data/a\u202eb.npk'
  const { byId, calls } = menu({ recents: [{ name: 'a\u202eb.npk', path }] })
  const shown = (byId('openRecent')?.submenu as MenuItemConstructorOptions[] | undefined)?.[0]
  expect(shown?.label).toBe('a\\u{202e}b.npk')
  expect(shown?.sublabel).toBe('/data/a\\u{202e}b.npk')
  click(shown)
  expect(calls).toEqual([path])
})

test('without recent stores the menu says so and nothing can be chosen', () => {
  const shown = menu().byId('openRecent')?.submenu as MenuItemConstructorOptions[]
  expect(shown).toEqual([{ label: 'No Recent Stores', enabled: false }])
})

/** The menu that has the settings. */
const menuWithSettings = (platform: NodeJS.Platform) =>
  menu({ platform }).items.find(
    ({ submenu }) =>
      Array.isArray(submenu) &&
      submenu.some(({ id, accelerator }) => id === 'settings' && accelerator === 'CmdOrCtrl+,'),
  )

test('settings are in the app menu on macOS, elsewhere in the file menu, with the key that other programs have', () => {
  expect(menuWithSettings('darwin')).toMatchObject({ role: 'appMenu' })
  expect(menuWithSettings('linux')).toMatchObject({ label: '&File' })
  expect(menuWithSettings('win32')).toMatchObject({ label: '&File' })
})

const menuWith = (id: string, platform: NodeJS.Platform) =>
  menu({ platform }).items.find(({ submenu }) => Array.isArray(submenu) && submenu.some(item => item.id === id))

test('the program says what it is where the system’s programs do: in the app menu on macOS, else in Help', () => {
  expect(menuWith('about', 'darwin')).toMatchObject({ role: 'appMenu' })
  expect(menuWith('about', 'win32')).toMatchObject({ role: 'help' })
  expect(menuWith('about', 'linux')).toMatchObject({ role: 'help' })
})

const roles = (platform: NodeJS.Platform) => menu({ platform }).items.flatMap(item => item.role ?? [])

test('macOS has an app menu, other systems have Quit elsewhere', () => {
  expect(roles('darwin')).toEqual(expect.arrayContaining(['appMenu', 'windowMenu']))
  expect(roles('linux')).toContain('quit')
})

test('only developers get the developer tools', () => {
  expect(menu({ developer: true }).items.some(item => item.role === 'toggleDevTools')).toBe(true)
  expect(menu().items.some(item => item.role === 'toggleDevTools')).toBe(false)
})
