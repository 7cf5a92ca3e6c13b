import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron'
import { CHANNELS } from '../../core/explorer/contract/channels.ts'
import type { ExplorerEvent, PreloadApi, Reply } from '../../core/explorer/contract/types.ts'

const api: PreloadApi = {
  request: request => ipcRenderer.invoke(CHANNELS.request, request) as Promise<Reply>,
  cancel: id => ipcRenderer.send(CHANNELS.cancel, id),
  subscribe: listener => {
    // Don't pass on the IPC event: its sender would give the page every channel.
    const forward = (_event: IpcRendererEvent, event: ExplorerEvent): void => listener(event)
    ipcRenderer.on(CHANNELS.event, forward)
    return () => {
      ipcRenderer.removeListener(CHANNELS.event, forward)
    }
  },
  pathForFile: file => webUtils.getPathForFile(file),
}

contextBridge.exposeInMainWorld('numpackExplorer', api)
