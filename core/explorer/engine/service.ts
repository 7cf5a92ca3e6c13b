import { basename } from 'node:path'
import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { Recents } from '../../database/recents.ts'
import { handles } from '../../system/handles.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import type { Answer, ExplorerEvent, Params, Result, ArrayTaskRequest } from '../contract/types.ts'
import { DiskCalls, expectAnswers } from './disk-calls.ts'
import { FollowedLinks } from './followed-links.ts'
import { listFolder } from './folders.ts'
import { lastBackup, noteBackup } from './last-backup.ts'
import { locateRow } from './locate-row.ts'
import type { KeptSettings } from './kept-settings.ts'
import type { EngineMethod, TaskMessage, WorkerStart } from './messages.ts'
import { OpenStores } from './open-stores.ts'
import { PathLooks } from './path-looks.ts'
import { arrangedPlaceOf, listRecents } from './recent-stores.ts'
import { findPath } from './store-path.ts'
import { rowSetOf } from './row-sets.ts'
import { ArrayTasks, type TaskSource } from './array-tasks.ts'
import { checkTarget, suggestTarget } from './suggest-target.ts'
import { encodeBlock } from '../contract/block-codec.ts'
import { checkElements } from './check-elements.ts'

export interface ServiceOptions extends Omit<WorkerStart, 'dataFolder'> {
  recents: Recents
  settings: KeptSettings
  onEvent: (event: ExplorerEvent) => void
  /** Called when an array of a package can be read further than a request that threw `NOT_READY` needed. */
  onReadable?: (store: number, array: string) => void
  onTask: (message: TaskMessage) => void
  onReopening?: (store: number, running: boolean) => void
}

type Methods = { [M in EngineMethod]: (params: Params<M>) => Answer<M> | Promise<Answer<M>> }

const DONE = { result: {} }

export class ExplorerService {
  readonly #recents: Recents
  readonly #links: FollowedLinks
  readonly #stores: OpenStores
  readonly #tasks: ArrayTasks
  readonly #methods: Methods
  readonly #disks = new DiskCalls()
  readonly #recentLooks = new PathLooks(this.#disks)
  readonly #backupLooks = new PathLooks(this.#disks)
  readonly #onEvent: (event: ExplorerEvent) => void
  /** File count in the last `openFiles` event; null when the next count must be sent, because a window needs it. */
  #sentOpenFiles: number | null = null

  constructor({ recents, settings, ...options }: ServiceOptions) {
    this.#recents = recents
    this.#onEvent = options.onEvent
    this.#links = new FollowedLinks(recents)
    this.#stores = new OpenStores({
      ...options,
      followsLinks: path => this.#links.has(path),
      spoolBytes: () => settings.values.cacheBytes ?? LIMITS.spoolBytes,
      onWatched: () => this.#sendOpenFiles(),
    })
    this.#tasks = new ArrayTasks({
      recents,
      sourceOf: params => this.#sourceOf(params),
      onChanged: store => void this.#stores.lookAgainAt(store),
      workers: () => settings.values.workerThreads,
      send: options.onTask,
    })
    this.#methods = {
      openStore: async params => ({ result: await this.#openStore(params) }),
      closeStore: ({ store }) => {
        this.#stores.close(store)
        this.#sendOpenFiles()
        return DONE
      },
      followLinks: async ({ path, follow }) => {
        await expectAnswers(path, this.#disks)
        const store = findPath(path).path
        this.#links.set(store, follow)
        await this.#stores.followLinks(store, follow)
        return DONE
      },
      listPackedFiles: async ({ store }) => ({ result: { files: await this.#stores.packedFiles(store) } }),
      listArrayFiles: async ({ store, array }) => ({
        result: { files: (await this.#stores.get(store)).filesOf(array) },
      }),
      suggestTarget: async params => {
        await expectAnswers(params.source, this.#disks)
        return { result: await suggestTarget(params, this.#disks) }
      },
      checkTarget: async params => {
        await expectAnswers(params.target, this.#disks)
        return { result: await checkTarget(params, this.#disks) }
      },
      readWindow: params => this.#readWindow(params),
      describeCell: params => this.#describeCell(params),
      locateRow: async params => ({ result: await this.#read(params, reader => locateRow(reader, params)) }),
      deletionMap: async params => ({
        result: await this.#read(params, reader => ({ shares: Array.from(reader.deletionShares(params.buckets)) })),
      }),
      rememberPlace: ({ path, place }) => {
        recents.rememberPlace(path, place)
        return DONE
      },
      rememberBackup: async params => {
        await noteBackup(recents, params, this.#disks)
        return DONE
      },
      lastBackup: async ({ source }) => ({ result: { backup: await lastBackup(recents, source, this.#backupLooks) } }),
      listRecents: async () => ({ result: { recents: await listRecents(recents, this.#recentLooks) } }),
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
      getSettings: () => ({ result: { settings: settings.values, file: settings.path } }),
      setSetting: ({ key, value }) => {
        const changed = settings.set(key, value)
        this.#onEvent({ type: 'settingsChanged', settings: changed })
        return { result: { settings: changed } }
      },
      listFolder: async ({ path }) => ({ result: await listFolder(path, this.#disks) }),
    }
  }

  async handle<M extends EngineMethod>(method: M, params: Params<M>): Promise<Answer<M>> {
    return this.#methods[method](params)
  }

  startTask(id: number, request: ArrayTaskRequest): void {
    void this.#tasks.start(id, request)
  }

  cancelTask(id: number): void {
    this.#tasks.cancel(id)
  }

  /** Notes that no request for an array that threw `NOT_READY` is repeated any more. */
  endReads({ store, array }: { store: number; array: string }): void {
    this.#stores.endReads(store, array)
  }

  close(): void {
    this.#tasks.close()
    this.#stores.closeAll()
    this.#recents.close()
  }

  async #openStore({ path, isReopening = false }: Params<'openStore'>): Promise<Result<'openStore'>> {
    await expectAnswers(path, this.#disks, !isReopening)
    const store = (await this.#stores.open(path)).info()
    const noted = this.#recents.opened({
      path: store.path,
      name: basename(store.path),
      sizeBytes: store.sizeBytes,
      arrayCount: store.arrays.length,
    })
    this.#sentOpenFiles = null
    return { store, place: arrangedPlaceOf(noted) }
  }

  #sendOpenFiles(): void {
    const files = new Set([...handles.openPaths, ...this.#tasks.files]).size
    if (files === this.#sentOpenFiles) return
    this.#sentOpenFiles = files
    this.#onEvent({ type: 'openFiles', files })
  }

  /** Reads from an array. If a file changed on disk, checks the store at once, so that windows learn of it. */
  async #read<T>(
    { store: id, array }: { store: number; array: string },
    action: (reader: ArrayReader, generation: number) => T,
  ): Promise<T> {
    const store = await this.#stores.get(id)
    try {
      return store.read(array, action)
    } catch (error) {
      if (error instanceof NumPackError && error.code === 'CHANGED_ON_DISK') await this.#stores.lookAgain(store)
      throw error
    }
  }

  async #sourceOf(params: { store: number; array: string }): Promise<TaskSource> {
    const store = await this.#stores.get(params.store)
    return {
      path: store.path,
      reader: await this.#read(params, reader => reader),
      whenReadable: (bytes, wait) => store.whenReadable(params.array, bytes, wait),
    }
  }

  async #readWindow(params: Params<'readWindow'>): Promise<Answer<'readWindow'>> {
    const { rows, columns, rowSet, index } = params
    // Rows without columns still have row numbers in the answer.
    checkElements('readWindow', Math.max(1, rows[1] - rows[0]) * Math.max(1, columns[1] - columns[0]))
    const store = await this.#stores.get(params.store)
    const read = (from: ArrayReader) => from.readBlock({ rowSet: rowSetOf(from, rowSet), rows, columns, index })
    return this.#read(params, (reader, generation) => {
      const block = read(reader)
      store.noteShown(params.array, again => read(again).bytes, block.bytes)
      return {
        result: {
          dtype: reader.dtype,
          rows: [...block.rows],
          columns: [...block.columns],
          hasRowNumbers: block.rowNumbers !== null,
          generation,
        },
        bytes: encodeBlock(block),
      }
    })
  }

  async #describeCell(params: Params<'describeCell'>): Promise<Answer<'describeCell'>> {
    const { row, column, index } = params
    return this.#read(params, reader => {
      const rowSet = rowSetOf(reader, params.rowSet)
      const size = rowSet.count
      if (row >= size)
        throw new NumPackError('INDEX', `row ${row} is out of range: the row set has ${size} rows`, {
          index: row,
          size,
        })
      const physicalRow = rowSet.select(row)
      const place = reader.locate(physicalRow, index, column)
      const { bytes } = reader.readBlock({ rowSet, rows: [row, row + 1], columns: [column, column + 1], index })
      return {
        result: {
          dtype: reader.dtype,
          logicalRow: reader.isDeleted(physicalRow) ? null : reader.activeRowSet.rank(physicalRow),
          physicalRow,
          ...place,
        },
        bytes: bytes.slice(0, itemsize(reader.dtype)).buffer,
      }
    })
  }
}
