import { expect, test, vi } from 'vitest'
import type { Reply, Request } from '../../core/explorer/contract/types.ts'
import { createRequester } from './requester.ts'

function transport(answer: (request: Request) => Promise<Reply>) {
  return { send: vi.fn<(request: Request) => Promise<Reply>>(answer), cancel: vi.fn<(id: number) => void>() }
}

test('a reply gives its result and bytes', async () => {
  const bytes = new ArrayBuffer(8)
  const { send, cancel } = transport(async ({ id }) => ({ id, ok: true, result: { a: 1 }, bytes }))
  const request = createRequester({ send, cancel })
  expect(await request('describeCell', {} as never)).toEqual({ result: { a: 1 }, bytes })
  await request('environment', {})
  expect(send.mock.calls.map(([{ id, method }]) => [id, method])).toEqual([
    [1, 'describeCell'],
    [2, 'environment'],
  ])
})

test('a refusal is a BridgeError with code, message and details', async () => {
  const error = { code: 'NOT_FOUND', message: '/x.npk is not there.', details: { path: '/x.npk' } }
  const request = createRequester(transport(async ({ id }) => ({ id, ok: false, error })))
  await expect(request('openStore', { path: '/x.npk' })).rejects.toMatchObject({ name: 'BridgeError', ...error })
})

test('aborting ends the request at once and tells the host', async () => {
  const silent = transport(() => new Promise(() => {}))
  const request = createRequester(silent)
  const controller = new AbortController()
  const answer = request('environment', {}, { signal: controller.signal })
  controller.abort()
  await expect(answer).rejects.toMatchObject({ code: 'ABORTED' })
  expect(silent.cancel).toHaveBeenCalledWith(1)
})

test('a request aborted in advance is never sent', async () => {
  const silent = transport(() => new Promise(() => {}))
  await expect(createRequester(silent)('environment', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ABORTED',
  })
  expect(silent.send).not.toHaveBeenCalled()
})
