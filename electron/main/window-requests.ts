import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import { CHANNELS } from '../../core/explorer/contract/channels.ts'
import type { ExplorerEvent, Reply } from '../../core/explorer/contract/types.ts'
import type { Connection, ExplorerHost } from '../../core/explorer/host.ts'
import { WINDOW_ORIGIN } from './window-scheme.ts'

/** Called with every request that was answered. */
export type ReplyListener = (request: unknown, reply: Reply) => void

/** Carries requests, cancellations and events between windows and the host over IPC. */
export class WindowRequests {
  readonly #host: ExplorerHost
  readonly #connections = new Map<WebContents, Connection>()

  constructor(host: ExplorerHost, onReply: ReplyListener) {
    this.#host = host
    ipcMain.handle(CHANNELS.request, async (event, request: unknown) => {
      const reply = await this.#connectionOf(event).request(request)
      onReply(request, reply)
      return reply
    })
    ipcMain.on(CHANNELS.cancel, (event, id: unknown) => {
      if (typeof id === 'number') this.#connectionOf(event).cancel(id)
    })
  }

  /** Gives a window's pages their way to the host: each page its own, ended when the page goes. */
  attach(contents: WebContents): void {
    const end = (): void => {
      this.#connections.get(contents)?.close()
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

  send(contents: WebContents, event: ExplorerEvent): void {
    if (!contents.isDestroyed()) contents.send(CHANNELS.event, event)
  }

  /** The sender's connection. Throws when the sender is not the main frame of a window of ours, showing our page. */
  #connectionOf({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): Connection {
    const connection = this.#connections.get(sender)
    if (connection === undefined || senderFrame?.parent !== null || senderFrame.origin !== WINDOW_ORIGIN)
      throw new Error('This page may not ask for anything.')
    return connection
  }
}
