import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/**
 * One end of a channel to a thread, for a caller that waits without an event loop and would never receive the thread's
 * `exit` event. The system closes the other end when the thread ends for any reason, even before it started.
 */
export class ThreadLife implements Disposable {
  #port: MessagePort
  #isOver = false

  constructor(port: MessagePort) {
    this.#port = port
  }

  /** Receives the next message as `{ message }`, or undefined. */
  receive(): { readonly message: unknown } | undefined {
    return receiveMessageOnPort(this.#port)
  }

  /**
   * Whether the other end is closed and no message is left. Receiving makes the port notice the closure, which only an
   * attempt to transfer the port reveals: here to itself.
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
