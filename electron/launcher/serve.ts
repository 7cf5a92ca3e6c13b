import { Worker } from 'node:worker_threads'
import { engineResources } from '../../core/explorer/host/engine-thread.ts'
import { ExplorerHost } from '../../core/explorer/host/host.ts'
import { type BrowserServer, type ServerOptions, startServer } from '../web-server/server.ts'
import { threadEnvironment } from '../../core/system/thread.ts'
import { cacheFolder, dataFolder, homeFolder } from '../../core/system/user-folders.ts'
import { StartPaths } from './start-paths.ts'
import { RENDERER_FOLDER, SAMPLE_STORE } from './folders.ts'

export interface ServeOptions {
  openPaths: string[]
  port: number
  version: string
  dev: boolean
  /** Resolves when the program is asked to end; the paths that are not open by then are not waited for. */
  stopped: Promise<void>
}

async function loadDevWindow(): Promise<NonNullable<ServerOptions['createDevWindow']>> {
  const { createDevWindow } = await import('./dev-window.ts')
  return base => createDevWindow(base)
}

export interface ServedWindow extends BrowserServer {
  problems: string[]
}

/** Serves the window on loopback with its own engine. Rejects with the system's error when the port is taken. */
export async function serve({ openPaths, port, version, dev, stopped }: ServeOptions): Promise<ServedWindow> {
  const host: ExplorerHost = new ExplorerHost({
    createWorker: start =>
      new Worker(new URL('../../core/explorer/engine/worker.ts', import.meta.url), {
        workerData: start,
        env: threadEnvironment(),
        resourceLimits: engineResources(),
        name: 'engine',
      }),
    dataFolder: dataFolder(),
    cacheFolder: cacheFolder(),
    environment: () => ({
      host: 'browser',
      platform: process.platform,
      version,
      homeFolder: homeFolder() ?? '',
      sampleStore: SAMPLE_STORE,
      canPickFolder: false,
      canShowInFolder: false,
    }),
    takeStartPaths: () => openPaths,
    onEvent: event => startPaths.onHostEvent(event),
  })
  const startPaths = new StartPaths(host)
  try {
    const server = await startServer({
      host,
      rendererFolder: RENDERER_FOLDER,
      port,
      ...(dev && { createDevWindow: await loadDevWindow() }),
    })
    return {
      ...server,
      problems: await Promise.race([startPaths.open(openPaths), stopped.then(() => [])]),
      close: async () => {
        await server.close()
        // Node waits for its threads, and one of them may hang in a disk request.
        if (!(await host.close())) process.kill(process.pid, 'SIGKILL')
      },
    }
  } catch (error) {
    await host.close()
    throw error
  }
}
