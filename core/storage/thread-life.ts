import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/**
 * Whether the other end of a port is closed, which the system does when its thread ends, however that happens. For who
 * waits without an event loop and would never hear of it. Throws away a message that may have come.
 */
export function isOtherEndClosed(port: MessagePort): boolean {
  // A port that learns of it while it looks for a message is closed, too, and can't be referenced any more.
  port.ref()
  receiveMessageOnPort(port)
  const isOpen = port.hasRef()
  port.unref()
  return !isOpen
}
