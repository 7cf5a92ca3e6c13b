import type { MessagePort } from 'node:worker_threads'
import { NumPackError } from '../../format/errors.ts'
import { clearSpools } from '../../packages/spool-folder.ts'
import { openRecents } from '../../database/open-recents.ts'
import type { Params } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'
import { KeptSettings } from './kept-settings.ts'
import type { EngineMethod, TaskMessage, WorkerMessage, WorkerRequest, WorkerStart } from './messages.ts'
import { ExplorerService } from './service.ts'

type MethodRequest = Extract<WorkerRequest, { method: EngineMethod }>

const transferOf = (message: TaskMessage): ArrayBuffer[] =>
  'result' in message && message.result?.bytes ? [message.result.bytes] : []

/** Runs the engine in its thread: answers the requests that `port` receives, until it is asked to close. */
export async function runEngine(port: MessagePort, start: WorkerStart): Promise<void> {
  const send = (message: WorkerMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  if (start.cacheFolder !== null) clearSpools(start.cacheFolder)
  const onNotice = (message: string): void => send({ kind: 'event', event: { type: 'notice', message } })
  const recents = await openRecents({ folder: start.dataFolder, onNotice })
  const settings = new KeptSettings({ folder: start.dataFolder, onNotice })
  settings.takeOver(recents)
  const service = new ExplorerService({
    ...start,
    recents,
    settings,
    onEvent: event => send({ kind: 'event', event }),
    onReadable: (store, array) => send({ kind: 'readable', store, array }),
    onTask: message => send(message, transferOf(message)),
    onReopening: (store, running) => send({ kind: 'reopening', store, running }),
  })

  const answer = async ({ method, params }: MethodRequest): Promise<void> => {
    try {
      const done: { result: unknown; bytes?: ArrayBuffer } = await service.handle(
        method,
        params as Params<EngineMethod>,
      )
      send({ kind: 'answer', ...done }, done.bytes ? [done.bytes] : [])
    } catch (error) {
      if (!(error instanceof NumPackError) || error.code !== 'NOT_READY') {
        send({ kind: 'failure', error: errorBody(error) })
        return
      }
      const { store, array } = params as { store: number; array: string }
      send({ kind: 'notYet', store, array })
    }
  }
  port.on('message', (request: WorkerRequest) => {
    if (request === 'close') {
      service.close()
      port.close()
    } else if ('startTask' in request) service.startTask(request.startTask, request.request)
    else if ('cancelTask' in request) service.cancelTask(request.cancelTask)
    else if ('endReads' in request) service.endReads(request.endReads)
    else void answer(request)
  })
  send({ kind: 'event', event: { type: 'settingsChanged', settings: settings.values } })
  send({ kind: 'ready' })
}
