import { BroadcastChannel } from 'node:worker_threads'
import '../explorer/engine/worker.ts'
import { pollutedPrototypes } from './prototypes.ts'

/** The engine's thread, which also answers whether a request has put something into the prototypes of all objects. */
const channel = new BroadcastChannel('prototypes')
channel.addEventListener('message', event => {
  if ((event as MessageEvent).data === 'ask') channel.postMessage({ polluted: pollutedPrototypes() })
})
channel.unref()
