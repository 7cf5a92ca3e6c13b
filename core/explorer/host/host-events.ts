import type { ErrorBody, Params, Reply, Result } from '../contract/types.ts'
import type { ValidRequest } from './validate.ts'

/** What windows did, for the program that runs the host. */
export type HostEvent =
  /** A window opened a store. `requested` is the path that it asked for. */
  | { type: 'storeOpened'; requested: string; store: number; path: string }
  | { type: 'openingFailed'; requested: string; error: ErrorBody }
  | { type: 'recentsChanged' }
  | { type: 'preferenceSet'; key: string; value: unknown }

/** Error codes of requests that the window cancelled or left behind when it closed. */
const CANCELLED: ReadonlySet<string> = new Set(['ABORTED', 'CLOSED'])

export function hostEventsOf({ method, params }: ValidRequest, reply: Reply): HostEvent[] {
  if (method === 'openStore') return opening((params as Params<'openStore'>).path, reply)
  if (!reply.ok) return []
  if (method === 'pinRecent' || method === 'removeRecent') return [{ type: 'recentsChanged' }]
  if (method !== 'setPreference') return []
  const { key, value } = params as Params<'setPreference'>
  return [{ type: 'preferenceSet', key, value }]
}

function opening(requested: string, reply: Reply): HostEvent[] {
  if (!reply.ok)
    return CANCELLED.has(reply.error.code) ? [] : [{ type: 'openingFailed', requested, error: reply.error }]
  const { id, path } = (reply.result as Result<'openStore'>).store
  return [{ type: 'storeOpened', requested, store: id, path }, { type: 'recentsChanged' }]
}
