import { afterEach, expect, test, vi } from 'vitest'
import type { Reply } from '../../core/explorer/contract/types.ts'
import { checkRequest } from '../../core/explorer/host/validate.ts'
import { WINDOW_ORIGIN } from './window-scheme.ts'

type Handler = (event: unknown, value: unknown) => unknown
const electron = vi.hoisted(() => ({ handlers: new Map<string, Handler>() }))
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, handler: Handler) => electron.handlers.set(channel, handler),
    on: (channel: string, handler: Handler) => electron.handlers.set(channel, handler),
  },
  protocol: {},
}))
const { WindowRequests } = await import('./window-requests.ts')
const { CHANNELS } = await import('../../core/explorer/contract/channels.ts')

afterEach(() => electron.handlers.clear())

function attachWindow(request: (value: unknown) => Promise<Reply>, openPaths: string[] = []) {
  const gone: string[][] = []
  const requests = new WindowRequests({
    connect: () => ({
      request,
      openPaths,
      cancel: () => {},
      closeStore: () => {},
      hold: () => {},
      close: () => openPaths.splice(0),
    }),
  })
  const listeners = new Map<string, () => void>()
  const contents = { on: (name: string, listener: () => void) => listeners.set(name, listener) }
  requests.attach(contents as never, paths => gone.push([...paths]))
  const emit = (name: 'did-navigate' | 'render-process-gone' | 'destroyed'): void => listeners.get(name)!()
  emit('did-navigate')
  const own = { sender: contents, senderFrame: { parent: null, origin: WINDOW_ORIGIN } }
  const ask = (value: unknown, event: unknown = own) => electron.handlers.get(CHANNELS.request)!(event, value)
  return { ask, own, gone, emit }
}

const refuse = (value: unknown): Promise<Reply> => {
  const checked = checkRequest(value)
  if (checked.ok) return Promise.resolve({ id: checked.request.id, ok: true, result: {} })
  return Promise.resolve({ id: checked.id, ok: false, error: checked.error })
}

test('a malformed request over IPC is answered with a typed error', async () => {
  const { ask } = attachWindow(refuse)
  const malformed = [
    null,
    undefined,
    7,
    'x',
    [],
    {},
    { id: 1 },
    { id: 1, method: 'openStore' },
    { id: 1, method: 'openStore', params: null },
    { id: 1, method: 'setPreference', params: { key: 'theme' } },
    { id: 1, method: '__proto__', params: {} },
    { id: 1, method: 'listRecents', params: {}, more: [] },
    { id: Number.NaN, method: 'closeStore', params: { store: 1 } },
  ]
  for (const value of malformed)
    expect(await ask(value), JSON.stringify(value)).toMatchObject({ ok: false, error: { code: 'ARGUMENT' } })
})

test('what a page had open is reported when it is gone, once', () => {
  const { gone, emit } = attachWindow(refuse, ['/data/a.npk', '/data/b.npk'])
  expect(gone).toEqual([])
  emit('render-process-gone')
  expect(gone).toEqual([['/data/a.npk', '/data/b.npk']])
  emit('did-navigate')
  expect(gone).toHaveLength(1)
})

test('a host that throws answers all the same', async () => {
  const { ask } = attachWindow(() => Promise.reject(new RangeError('too deep')))
  expect(await ask({ id: 1, method: 'listJobs', params: {} })).toMatchObject({ ok: false, error: { code: 'IO' } })
})

test('a cancellation without a valid id, or from a frame that may not send requests, does not throw', () => {
  const { own } = attachWindow(refuse)
  const cancel = electron.handlers.get(CHANNELS.cancel)!
  for (const id of [1, null, 'x', Number.NaN, {}])
    for (const senderFrame of [own.senderFrame, null, { parent: null, origin: 'https://example.com' }])
      expect(() => cancel({ ...own, senderFrame }, id)).not.toThrow()
})
