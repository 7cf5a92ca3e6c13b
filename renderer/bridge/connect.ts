import type { HostBridge } from './bridge.ts'
import { createElectronBridge } from './electron.ts'
import { createWebSocketBridge } from './websocket.ts'

export function connectToHost(): HostBridge {
  const api = window.numpackExplorer
  return api === undefined
    ? createWebSocketBridge(new URL('socket', location.href.replace(/^http/, 'ws')))
    : createElectronBridge(api)
}
