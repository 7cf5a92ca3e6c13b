import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/**
 * One end of a channel to a thread, for who waits without an event loop and would never hear that the thread has ended:
 * the system closes the other end then, however it ended, also before it began.
 */
export class ThreadLife implements Disposable {
  #port: MessagePort
  #isOver = false

  constructor(port: MessagePort) {
    this.#port = port
  }

  /** The next message that came, as `{ message }`. */
  receive(): { readonly message: unknown } | undefined {
    return receiveMessageOnPort(this.#port)
  }

  /**
   * Whether the other end is closed and no message is left. Looking for one makes the port find out; that it has is seen
   * only by trying to hand it on, here to itself.
   */
  get isOver(): boolean {
    if (this.#isOver || this.receive() !== undefined) return this.#isOver
    const { port1, port2 } = new MessageChannel()
    try {
      port1.postMessage(this.#port, [this.#port])
      const moved: { readonly message: MessagePort } | undefined = receiveMessageOnPort(port2)
      if (moved !== undefined) this.#port = moved.message
    } catch {
      this.#isOver = true
    }
    port1.close()
    return this.#isOver
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    this.#port.close()
  }
}
