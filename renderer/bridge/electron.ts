import type { PreloadApi } from '../../core/explorer/contract/types.ts'
import type { HostBridge } from './bridge.ts'
import { createRequester } from './requester.ts'

declare global {
  interface Window {
    numpackExplorer?: PreloadApi
  }
}

export const createElectronBridge = (api: PreloadApi): HostBridge => ({
  request: createRequester({ send: request => api.request(request), cancel: id => api.cancel(id) }),
  subscribe: listener => api.subscribe(listener),
  pathForFile: file => api.pathForFile(file),
  onConnection: () => () => {},
})
