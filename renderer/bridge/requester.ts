import type { Answer, Method, Reply, Request } from '../../core/explorer/contract/types.ts'
import { type Bridge, BridgeError } from './bridge.ts'

/** Carries requests: IPC or a WebSocket. `send` rejects only with a BridgeError. */
export interface Transport {
  send(request: Request): Promise<Reply>
  cancel(id: number): void
}

const aborted = (): BridgeError => new BridgeError('ABORTED', 'The request was cancelled.')

/** Numbers requests, unwraps replies, and rejects aborted requests at once, whatever the transport does. */
export function createRequester(transport: Transport): Bridge['request'] {
  let lastId = 0
  return async <M extends Method>(method: M, params: unknown, { signal }: { signal?: AbortSignal } = {}) => {
    if (signal?.aborted) throw aborted()
    const id = ++lastId
    const given = Promise.withResolvers<never>()
    const onAbort = (): void => {
      transport.cancel(id)
      given.reject(aborted())
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      const reply = await Promise.race([transport.send({ id, method, params }), given.promise])
      if (!reply.ok) throw new BridgeError(reply.error.code, reply.error.message, reply.error.details)
      return { result: reply.result, ...(reply.bytes && { bytes: reply.bytes }) } as Answer<M>
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
