import { BroadcastChannel } from 'node:worker_threads'
import '../explorer/engine/worker.ts'
import { pollutedPrototypes } from './prototypes.ts'

/** The engine's thread, which also reports whether a request has polluted a prototype. */
const channel = new BroadcastChannel('prototypes')
channel.addEventListener('message', event => {
  if ((event as MessageEvent).data === 'ask') channel.postMessage({ polluted: pollutedPrototypes() })
})
channel.unref()
