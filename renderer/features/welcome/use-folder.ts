import { useEffect, useState } from 'react'
import type { Result } from '../../../core/explorer/contract/types.ts'
import { errorMessage } from '../../model/error-message.ts'
import type { App } from '../../model/app.ts'
import { useApp } from '../../model/hooks.ts'
import { setPreference } from '../../model/preferences.ts'

type ListedFolder = Result<'listFolder'>

interface FolderState {
  folder: ListedFolder | null
  failure: string | null
  /** Lists another folder and returns it; null is the home folder. Keeps the current list and returns null on failure. */
  go: (path: string | null) => Promise<ListedFolder | null>
}

const listFolder = async (app: App, path: string | null): Promise<ListedFolder> =>
  (await app.bridge.request('listFolder', { path })).result

export function useFolder(): FolderState {
  const app = useApp()
  const [folder, setFolder] = useState<ListedFolder | null>(null)
  const [failure, setFailure] = useState<string | null>(null)

  const arrive = (found: ListedFolder): void => {
    setFolder(found)
    setFailure(null)
    setPreference(app, 'lastFolder', found.path)
  }
  const go = async (path: string | null): Promise<ListedFolder | null> => {
    try {
      const found = await listFolder(app, path)
      arrive(found)
      return found
    } catch (error) {
      setFailure(errorMessage(error))
      return null
    }
  }

  useEffect(() => {
    const { lastFolder } = app.preferences.getState()
    listFolder(app, lastFolder)
      // The last folder may no longer exist.
      .catch(() => listFolder(app, null))
      .then(setFolder, (error: unknown) => setFailure(errorMessage(error)))
  }, [app])

  return { folder, failure, go }
}
