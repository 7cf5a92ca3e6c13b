import type { ErrorBody, Params, Reply, Result, Settings } from '../contract/types.ts'
import type { ValidRequest } from './validate.ts'

/** What windows did, and the settings, for the program that runs the host. */
export type HostEvent =
  /** A window opened a store. `requested` is the path that it asked for. */
  | { type: 'storeOpened'; requested: string; store: number; path: string }
  | { type: 'openingFailed'; requested: string; error: ErrorBody }
  | { type: 'recentsChanged' }
  /** The engine has read the settings, or a window has changed one. */
  | { type: 'settingsChanged'; settings: Settings }

/** Error codes of requests that the window cancelled or left behind when it closed. */
const CANCELLED: ReadonlySet<string> = new Set(['ABORTED', 'CLOSED'])

export function hostEventsOf({ method, params }: ValidRequest, reply: Reply): HostEvent[] {
  if (method === 'openStore') return opening((params as Params<'openStore'>).path, reply)
  if (!reply.ok) return []
  return method === 'pinRecent' || method === 'removeRecent' ? [{ type: 'recentsChanged' }] : []
}

function opening(requested: string, reply: Reply): HostEvent[] {
  if (!reply.ok)
    return CANCELLED.has(reply.error.code) ? [] : [{ type: 'openingFailed', requested, error: reply.error }]
  const { id, path } = (reply.result as Result<'openStore'>).store
  return [{ type: 'storeOpened', requested, store: id, path }, { type: 'recentsChanged' }]
}
