import type { ExplorerEvent, Reply } from '../contract/types.ts'
import { type HostRequest, isHostMethod } from './host-methods.ts'
import type { Connection } from './host-options.ts'
import type { HostTurns } from './host-turns.ts'
import type { ValidRequest } from './validate.ts'

/** A request of a window that is not answered yet. */
export interface Waiting {
  window: WindowState
  request: ValidRequest
  settled: boolean
  settle: (reply: Reply) => void
}

/** A request that the host answers itself. */
export type HereWaiting = Waiting & { request: HostRequest }

export interface WindowState {
  send: (event: ExplorerEvent) => void
  waiting: Waiting[]
  here: HostTurns<HereWaiting>
  open: Map<number, Waiting>
  held: boolean
  closed: boolean
  connection: Connection
}

export const isOwnWork = (entry: Waiting): entry is HereWaiting => isHostMethod(entry.request)
