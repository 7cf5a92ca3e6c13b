import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import { CHANNELS } from '../../core/explorer/contract/channels.ts'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import { errorBody } from '../../core/explorer/contract/error-body.ts'
import type { ExplorerHost } from '../../core/explorer/host/host.ts'
import type { Connection } from '../../core/explorer/host/host-options.ts'
import { WINDOW_ORIGIN } from './window-scheme.ts'

/** Id of the reply to a request without a valid id. */
const NO_ID = -1

export class WindowRequests {
  readonly #host: Pick<ExplorerHost, 'connect'>
  readonly #connections = new Map<WebContents, Connection>()

  constructor(host: Pick<ExplorerHost, 'connect'>) {
    this.#host = host
    ipcMain.handle(CHANNELS.request, async (event, value: unknown): Promise<Reply> => {
      const connection = this.#connectionOf(event)
      try {
        return await connection.request(value)
      } catch (error) {
        return { id: NO_ID, ok: false, error: errorBody(error) }
      }
    })
    ipcMain.on(CHANNELS.cancel, (event, id: unknown) => {
      // A page that may not send requests is ignored.
      if (typeof id === 'number' && this.#isOwn(event)) this.#connections.get(event.sender)?.cancel(id)
    })
  }

  /** Gives each page of a window its own connection until it goes; `onGone` then receives its open paths. */
  attach(contents: WebContents, onGone: (openPaths: string[]) => void): void {
    const end = (): void => {
      const connection = this.#connections.get(contents)
      if (connection === undefined) return
      onGone(connection.openPaths)
      connection.close()
      this.#connections.delete(contents)
    }
    const begin = (): void => {
      end()
      this.#connections.set(
        contents,
        this.#host.connect(event => this.send(contents, event)),
      )
    }
    contents.on('did-navigate', begin)
    contents.on('render-process-gone', end)
    contents.on('destroyed', end)
  }

  /** The page that a connection belongs to; undefined when it is gone. */
  contentsOf(connection: Connection): WebContents | undefined {
    return [...this.#connections].find(([, other]) => other === connection)?.[0]
  }

  send(contents: WebContents, event: ExplorerEvent): void {
    if (!contents.isDestroyed()) contents.send(CHANNELS.event, event)
  }

  /** Whether the sender is the main frame of a window, showing our page. */
  #isOwn({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
    return senderFrame?.parent === null && senderFrame.origin === WINDOW_ORIGIN
  }

  /** Returns the sender's connection. Throws unless the sender is the main frame of our page. */
  #connectionOf(event: IpcMainInvokeEvent): Connection {
    const connection = this.#connections.get(event.sender)
    if (connection === undefined || !this.#isOwn(event)) throw new Error('This page may not ask for anything.')
    return connection
  }
}
