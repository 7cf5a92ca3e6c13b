import type { Answer, ExplorerEvent, Method, Params } from '../../core/explorer/contract/types.ts'

/** A host's refusal or failure: `code` for programs, `message` for people. */
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

/** The window's one way to its host, the same over IPC and WebSocket. */
export interface Bridge {
  /**
   * Rejects with a BridgeError; with code `ABORTED` when the signal was aborted before the reply came, `HOST_GONE` when
   * the connection to the host is lost.
   */
  request<M extends Method>(method: M, params: Params<M>, options?: { signal?: AbortSignal }): Promise<Answer<M>>
  /** Calls back for every event of the host; returns how to stop. */
  subscribe(listener: (event: ExplorerEvent) => void): () => void
  /** The path of a dropped file or folder, or '' where the host can't know it (a browser never tells). */
  pathForFile(file: File): string
}

export type Connection = 'connected' | 'lost'

/** A bridge that also tells when its host goes and comes back. After it came back the host knows no open stores. */
export interface HostBridge extends Bridge {
  onConnection(listener: (connection: Connection) => void): () => void
}
