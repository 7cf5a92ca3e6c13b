import { removeFolder } from '../../../test-support/remove-folder.ts'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openRecents } from '../../../database/open-recents.ts'
import { NumPackError } from '../../../format/errors.ts'
import { METHODS } from '../../contract/schemas.ts'
import type { Answer, Params, StoreInfo } from '../../contract/types.ts'
import type { EngineMethod } from '../../engine/messages.ts'
import { KeptSettings } from '../../engine/kept-settings.ts'
import { ExplorerService } from '../../engine/service.ts'

const onNotice = (message: string): void => {
  throw new Error(message)
}

/** Starts an engine's service with a folder of its own before the tests of a file, and ends it after them. */
export function useService() {
  let folder = ''
  let service: ExplorerService

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'service-')))
    const dataFolder = join(folder, 'data')
    const recents = await openRecents({ folder: dataFolder, onNotice })
    const settings = new KeptSettings({ folder: dataFolder, onNotice })
    const cacheFolder = join(folder, 'cache')
    service = new ExplorerService({
      recents,
      settings,
      stores: [],
      firstGeneration: 0,
      lastStoreId: 0,
      cacheFolder,
      onEvent: () => {},
      onTask: () => {},
    })
  })

  afterAll(() => {
    service.close()
    removeFolder(folder)
  })

  async function ask<M extends EngineMethod>(method: M, params: Params<M>): Promise<Answer<M>> {
    const answer = await service.handle(method, METHODS[method].params.parse(params) as Params<M>)
    METHODS[method].result.parse(answer.result)
    return answer
  }

  const open = async (path: string): Promise<StoreInfo> => (await ask('openStore', { path })).result.store

  async function failure<M extends EngineMethod>(method: M, params: Params<M>): Promise<NumPackError> {
    const error = await ask(method, params).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (error instanceof NumPackError) return error
    throw error ?? new Error(`${method} succeeded`)
  }

  return {
    ask,
    open,
    failure,
    /** Returns a path in the folder. */
    inFolder: (...names: string[]): string => join(folder, ...names),
  }
}
