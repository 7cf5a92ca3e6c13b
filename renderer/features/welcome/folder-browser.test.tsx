// @vitest-environment happy-dom
import { act, cleanup, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { FolderEntry, Result } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { FakeHost } from '../../model/test-support/fake-host.ts'
import { renderPanel } from '../../model/test-support/render-panel.tsx'
import { FolderBrowser } from './folder-browser.tsx'

type Folder = Result<'listFolder'>

const entry = (path: string, kind: FolderEntry['kind']): FolderEntry => {
  return { name: path.slice(path.lastIndexOf('/') + 1), path, kind, problem: null }
}

const HOME: Folder = {
  path: '/home',
  parent: null,
  found: null,
  entries: [entry('/home/papers', 'folder'), entry('/home/study.npk', 'store'), entry('/home/old.npkg', 'package')],
  truncated: false,
}

const FOLDERS: Record<string, Folder> = {
  '/home': HOME,
  '/home/study.npk': { ...HOME, found: entry('/home/study.npk', 'store') },
  '~/old.npkg': { ...HOME, found: entry('/home/old.npkg', 'package') },
  '/home/papers': { path: '/home/papers', parent: '/home', found: null, entries: [], truncated: false },
}

function listFolder(path: string | null): { result: Folder } {
  const result = FOLDERS[path ?? '/home']
  if (!result) throw new BridgeError('NOT_FOUND', `There is no folder ${path}.`)
  return { result }
}

function browse(handler: (path: string | null) => { result: Folder } | Promise<{ result: Folder }> = listFolder) {
  const host = new FakeHost({
    listFolder: ({ path }) => handler(path),
    setPreference: () => ({ result: {} }),
    openStore: () => {
      throw new BridgeError('NOT_FOUND', 'It is gone.')
    },
    listRecents: () => ({ result: { recents: [] } }),
  })
  const onClose = vi.fn<() => void>()
  return { ...renderPanel(<FolderBrowser filter="" reason={null} onClose={onClose} />, host), host, onClose }
}

test('a path that is typed before the first folder is listed stays, and Enter goes there', async () => {
  const answer = Promise.withResolvers<{ result: Folder }>()
  const { user, host } = browse(path => (path === null ? answer.promise : listFolder(path)))
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Path' })
  await user.type(field, '/home/papers')
  await act(async () => answer.resolve(listFolder(null)))
  expect(field.value).toBe('/home/papers')
  await user.type(field, '{Enter}')
  expect(host.paramsOf('listFolder').at(-1)).toEqual({ path: '/home/papers' })
  await user.click(screen.getByRole('button', { name: 'Folder above' }))
  await vi.waitFor(() => expect(field.value).toBe('/home'))
})

test('Enter before the first folder is listed opens what the filter then leaves', async () => {
  const answer = Promise.withResolvers<{ result: Folder }>()
  const { user, host, onClose } = browse(() => answer.promise)
  await user.type(screen.getByRole('combobox', { name: 'Filter folders' }), 'stu{Enter}')
  expect(onClose).not.toHaveBeenCalled()
  await act(async () => answer.resolve(listFolder(null)))
  expect(host.paramsOf('openStore')).toEqual([{ path: '/home/study.npk' }])
})

test('while a folder is being listed it can’t be opened, and its entries appear when they are there', async () => {
  const answer = Promise.withResolvers<{ result: Folder }>()
  browse(() => answer.promise)
  expect(screen.getByRole('dialog', { name: 'Open a store or a package' })).toBeDefined()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Open this folder' }).disabled).toBe(true)
  expect(screen.queryByText('This folder contains no folders or packages.')).toBeNull()
  answer.resolve(listFolder(null))
  const options = await screen.findAllByRole('option')
  expect(options.map(option => option.textContent)).toEqual(['papers', 'study.npkstore', 'old.npkgpackage'])
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Open this folder' }).disabled).toBe(false)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Folder above' }).disabled).toBe(true)
})

test('keys in the filter of the folders go into a folder and back up', async () => {
  const { user } = browse()
  await screen.findByRole('option', { name: 'papers' })
  expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Filter folders' }))
  await user.keyboard('{Enter}')
  await screen.findByText('This folder contains no folders or packages.')
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Path' }).value).toBe('/home/papers')
  await user.keyboard('{Backspace}')
  await screen.findByRole('option', { name: 'papers' })
})

test('a folder that can’t be listed is named in an alert, and the one before stays', async () => {
  const { user } = browse()
  await screen.findByRole('option', { name: 'papers' })
  const path = screen.getByRole('textbox', { name: 'Path' })
  await user.clear(path)
  await user.type(path, '/nowhere')
  await user.click(screen.getByRole('button', { name: 'Go' }))
  expect((await screen.findByRole('alert')).textContent).toBe('There is no folder /nowhere.')
  expect(screen.getAllByRole('option')).toHaveLength(3)
})

test('choosing a store in the folder browser closes it and opens the store', async () => {
  const { user, host, onClose } = browse()
  await user.click(await screen.findByRole('option', { name: /study/ }))
  expect(within(screen.getByRole('listbox', { name: 'Folders' })).getByRole('option', { selected: true }).title).toBe(
    '/home/study.npk',
  )
  await user.click(screen.getByRole('button', { name: 'Open study.npk' }))
  expect(onClose).toHaveBeenCalledOnce()
  expect(host.paramsOf('openStore')).toEqual([{ path: '/home/study.npk' }])
})

test.each(['Path', 'Filter folders'])(
  'a store’s path that is pasted into the field “%s” opens with Enter',
  async name => {
    const { user, host, onClose } = browse()
    await screen.findByRole('option', { name: 'papers' })
    const field = screen.getByLabelText(name)
    await user.clear(field)
    await user.click(field)
    await user.paste('/home/study.npk')
    await user.keyboard('{Enter}')
    await vi.waitFor(() => expect(host.paramsOf('openStore')).toEqual([{ path: '/home/study.npk' }]))
    expect(onClose).toHaveBeenCalledOnce()
  },
)

test('a typed path of a package opens it, wherever the host finds it', async () => {
  const { user, host } = browse()
  await screen.findByRole('option', { name: 'papers' })
  const field = screen.getByRole('textbox', { name: 'Path' })
  await user.clear(field)
  await user.type(field, '~/old.npkg{Enter}')
  await vi.waitFor(() => expect(host.paramsOf('openStore')).toEqual([{ path: '/home/old.npkg' }]))
})

test('a typed path that the host finds after the dialog was closed does not open', async () => {
  const answer = Promise.withResolvers<{ result: Folder }>()
  const { user, host } = browse(path => (path === '~/old.npkg' ? answer.promise : listFolder(path)))
  await screen.findByRole('option', { name: 'papers' })
  const field = screen.getByRole('textbox', { name: 'Path' })
  await user.clear(field)
  await user.type(field, '~/old.npkg{Enter}')
  cleanup()
  await act(async () => answer.resolve(listFolder('~/old.npkg')))
  expect(host.paramsOf('openStore')).toEqual([])
})

test('a folder that can’t be opened says why, and stays closed', async () => {
  const problem = 'Its name holds bytes that are not UTF-8. Rename it to open it.'
  const odd = { ...entry('/home/caf\uFFFD', 'folder'), problem }
  const { user, host } = browse(() => ({ result: { ...HOME, entries: [odd] } }))
  const option = await screen.findByRole('option', { name: new RegExp(problem) })
  expect(option.getAttribute('aria-disabled')).toBe('true')
  await user.keyboard('{Enter}')
  expect(host.paramsOf('listFolder')).toHaveLength(1)
})
