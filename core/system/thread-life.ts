import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/** Tells a caller without an event loop that a thread ended: the system then closes its end of this channel. */
export class ThreadLife implements Disposable {
  #port: MessagePort
  #isOver = false

  constructor(port: MessagePort) {
    this.#port = port
  }

  receive(): { readonly message: unknown } | undefined {
    return receiveMessageOnPort(this.#port)
  }

  /** Receiving makes the port notice a closed other end, which only transferring it (here to itself) reveals. */
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
