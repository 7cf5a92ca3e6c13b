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

/** Creates a window whose page may send requests; `request` is the host's handler. */
function attachWindow(request: (value: unknown) => Promise<Reply>) {
  const listened: unknown[] = []
  const requests = new WindowRequests(
    { connect: () => ({ request, cancel: () => {}, hold: () => {}, close: () => {} }) },
    value => listened.push(value),
  )
  const begin: (() => void)[] = []
  const contents = { on: (name: string, listener: () => void) => name === 'did-navigate' && begin.push(listener) }
  requests.attach(contents as never)
  begin[0]?.()
  const own = { sender: contents, senderFrame: { parent: null, origin: WINDOW_ORIGIN } }
  const ask = (value: unknown, event: unknown = own) => electron.handlers.get(CHANNELS.request)!(event, value)
  return { ask, own, listened }
}

const refuse = (value: unknown): Promise<Reply> => {
  const checked = checkRequest(value)
  if (checked.ok) return Promise.resolve({ id: checked.request.id, ok: true, result: {} })
  return Promise.resolve({ id: checked.id, ok: false, error: checked.error })
}

test('a malformed request over IPC is answered with a typed error', async () => {
  const { ask, listened } = attachWindow(refuse)
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
    { id: Number.NaN, method: 'closeStore', params: { store: 1 } },
  ]
  for (const value of malformed)
    expect(await ask(value), JSON.stringify(value)).toMatchObject({ ok: false, error: { code: 'ARGUMENT' } })
  expect(listened).toEqual([])
})

test('the shell hears of well-formed requests only', async () => {
  const { ask, listened } = attachWindow(refuse)
  expect(await ask({ id: 3, method: 'closeStore', params: { store: 1 } })).toEqual({ id: 3, ok: true, result: {} })
  expect(listened).toEqual([{ id: 3, method: 'closeStore', params: { store: 1 } }])
})

test('a host that throws answers all the same', async () => {
  const { ask } = attachWindow(() => Promise.reject(new RangeError('too deep')))
  expect(await ask({ id: 1, method: 'listJobs', params: {} })).toMatchObject({ ok: false, error: { code: 'IO' } })
})

test('a cancellation from a frame that may not ask is without effect', () => {
  const { own } = attachWindow(refuse)
  const cancel = electron.handlers.get(CHANNELS.cancel)!
  for (const id of [1, null, 'x', Number.NaN, {}])
    for (const senderFrame of [own.senderFrame, null, { parent: null, origin: 'https://example.com' }])
      expect(() => cancel({ ...own, senderFrame }, id)).not.toThrow()
})
