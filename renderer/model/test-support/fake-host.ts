import type {
  Answer,
  ArrayInfo,
  ExplorerEvent,
  Method,
  Params,
  StoreInfo,
} from '../../../core/explorer/contract/types.ts'
import { BridgeError, type HostBridge } from '../../bridge/bridge.ts'

type Handlers = { [M in Method]?: (params: Params<M>) => Answer<M> | Promise<Answer<M>> }

export class FakeHost implements HostBridge {
  readonly asked: { method: Method; params: unknown }[] = []
  readonly handlers: Handlers
  readonly #listeners = new Set<(event: ExplorerEvent) => void>()

  constructor(handlers: Handlers = {}) {
    this.handlers = handlers
  }

  async request<M extends Method>(
    method: M,
    params: Params<M>,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Answer<M>> {
    this.asked.push({ method, params })
    const handler = this.handlers[method]
    if (!handler) throw new BridgeError('ARGUMENT', `the test gives no answer to ${method}`)
    const answer = handler(params)
    return signal ? Promise.race([answer, aborted(signal)]) : answer
  }

  subscribe(listener: (event: ExplorerEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(event: ExplorerEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  onConnection(): () => void {
    return () => {}
  }

  pathForFile(): string {
    return ''
  }

  paramsOf<M extends Method>(method: M): Params<M>[] {
    return this.asked.flatMap(request => (request.method === method ? [request.params as Params<M>] : []))
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new BridgeError('ABORTED', 'cancelled')), { once: true })
  })

export const arrayInfo = (change: Partial<ArrayInfo> & Pick<ArrayInfo, 'name'>): ArrayInfo => ({
  dtype: 'float32',
  shape: [100, 3],
  physicalShape: [100, 3],
  deletedRows: 0,
  sizeBytes: 1200,
  dataFile: `data_${change.name}.npkd`,
  segments: 0,
  lastModified: 0,
  warnings: [],
  damaged: null,
  isBehindLink: false,
  generation: 1,
  ...change,
})

export const storeInfo = (id: number, path: string, arrays: ArrayInfo[] = []): StoreInfo => ({
  id,
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  sizeBytes: arrays.reduce((sum, array) => sum + array.sizeBytes, 0),
  arrays,
  warnings: [],
  package: null,
  followsLinks: false,
  problem: null,
})
