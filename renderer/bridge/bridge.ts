import type { Answer, ExplorerEvent, Method, Params } from '../../core/explorer/contract/types.ts'

export class BridgeError extends Error {
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.name = 'BridgeError'
    this.code = code
    this.details = details
  }
}

export interface Bridge {
  /** Rejects with a BridgeError: `ABORTED` when aborted before the reply, `HOST_GONE` when the connection is lost. */
  request<M extends Method>(method: M, params: Params<M>, options?: { signal?: AbortSignal }): Promise<Answer<M>>
  subscribe(listener: (event: ExplorerEvent) => void): () => void
  /** Returns the path of a dropped file or folder; '' when the host can't know it (browsers never tell). */
  pathForFile(file: File): string
}

export type Connection = 'connected' | 'lost'

/** A bridge that reports when its host goes and comes back. A host that came back has no open stores. */
export interface HostBridge extends Bridge {
  onConnection(listener: (connection: Connection) => void): () => void
}
