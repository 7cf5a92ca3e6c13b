import { useCallback, useEffect, useState } from 'react'
import type { Result } from '../../core/explorer/contract/types.ts'
import { sentence } from '../state/failures.ts'
import { useApp } from '../state/hooks.ts'
import { setPreference } from '../state/preferences.ts'

export type Folder = Result<'listFolder'>

interface FolderState {
  folder: Folder | null
  failure: string | null
  /** Lists another folder; null is the home folder. The one before stays when it can't be listed. */
  go: (path: string | null) => Promise<void>
}

/** The folder that the browser of folders is in; starts where it was last. */
export function useFolder(): FolderState {
  const app = useApp()
  const [folder, setFolder] = useState<Folder | null>(null)
  const [failure, setFailure] = useState<string | null>(null)

  const list = useCallback(
    async (path: string | null): Promise<void> => {
      const { result } = await app.bridge.request('listFolder', { path })
      setFolder(result)
      setFailure(null)
      setPreference(app, 'lastFolder', result.path)
    },
    [app],
  )
  const go = useCallback(
    (path: string | null) => list(path).catch((error: unknown) => setFailure(sentence(error))),
    [list],
  )

  useEffect(() => {
    // The folder of the last time may be gone by now.
    list(app.preferences.getState().lastFolder).catch(() => void go(null))
  }, [app, list, go])

  return { folder, failure, go }
}
