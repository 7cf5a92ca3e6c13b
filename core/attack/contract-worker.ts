import { BroadcastChannel } from 'node:worker_threads'
import '../explorer/engine/worker.ts'
import { inheritedProperties } from './prototypes.ts'

const channel = new BroadcastChannel('prototypes')
channel.addEventListener('message', event => {
  if ((event as MessageEvent).data === 'ask') channel.postMessage({ polluted: inheritedProperties() })
})
channel.unref()
