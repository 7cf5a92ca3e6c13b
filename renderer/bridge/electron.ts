import type { PreloadApi } from '../../core/explorer/contract/types.ts'
import type { HostBridge } from './bridge.ts'
import { createRequester } from './requester.ts'

declare global {
  interface Window {
    /** Put there by the preload script in an Electron window. */
    numpackExplorer?: PreloadApi
  }
}

/** The bridge of an Electron window. */
export const createElectronBridge = (api: PreloadApi): HostBridge => ({
  request: createRequester({ send: request => api.request(request), cancel: id => api.cancel(id) }),
  subscribe: listener => api.subscribe(listener),
  pathForFile: file => api.pathForFile(file),
  onConnection: () => () => {},
})
