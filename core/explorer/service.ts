import type { Recents } from '../recents/recents.ts'
import type { Answer, ExplorerEvent, Params } from './contract/types.ts'
import { listFolder } from './folders.ts'
import type { EngineMethod, WorkerStart } from './messages.ts'
import { listRecents } from './recent-stores.ts'

/** What the service needs from whoever runs it. */
export interface ServiceOptions extends Omit<WorkerStart, 'dataFolder'> {
  recents: Recents
  onEvent: (event: ExplorerEvent) => void
}

type Methods = { [M in EngineMethod]: (params: Params<M>) => Answer<M> | Promise<Answer<M>> }

const DONE = { result: {} }

/** What a window can ask of the engine, without any transport. */
export class ExplorerService {
  readonly #methods: Partial<Methods>

  constructor({ recents }: ServiceOptions) {
    this.#methods = {
      rememberPlace: ({ path, place }) => {
        recents.rememberPlace(path, place)
        return DONE
      },
      listRecents: async () => ({ result: { recents: await listRecents(recents) } }),
      pinRecent: ({ path, pinned }) => {
        recents.pin(path, pinned)
        return DONE
      },
      removeRecent: ({ path }) => {
        recents.remove(path)
        return DONE
      },
      getPreferences: () => ({ result: { values: recents.preferences() } }),
      setPreference: ({ key, value }) => {
        recents.setPreference(key, value)
        return DONE
      },
      listFolder: ({ path }) => ({ result: listFolder(path) }),
    }
  }

  /** Answers a request whose params were checked. Throws NumPackError. */
  async handle<M extends EngineMethod>(method: M, params: Params<M>): Promise<Answer<M>> {
    const handler = this.#methods[method]
    if (!handler) throw new Error(`${method} is not there yet`)
    return handler(params)
  }
}
