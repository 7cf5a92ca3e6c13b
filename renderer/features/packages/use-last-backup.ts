import { useEffect, useState } from 'react'
import type { Result, StoreInfo } from '../../../core/explorer/contract/types.ts'
import { useApp, useJobs } from '../../model/hooks.ts'

const CHECK_EVERY_MS = 60_000

type LastBackup = NonNullable<Result<'lastBackup'>['backup']>

/** Returns the last backup of a store and the time of the check; null when there is none. */
export function useLastBackup(store: StoreInfo): { backup: LastBackup; now: number } | null {
  const app = useApp()
  const { path } = store
  const [found, setFound] = useState<{ path: string; backup: LastBackup | null; now: number } | null>(null)
  const done = useJobs(
    ({ list }) =>
      list.filter(({ kind, params, state }) => kind === 'backup' && params.source === path && state === 'done').length,
  )
  useEffect(() => {
    const abort = new AbortController()
    const check = (): void => {
      app.bridge.request('lastBackup', { source: path }, { signal: abort.signal }).then(
        ({ result }) => setFound({ path, backup: result.backup, now: Date.now() }),
        // The window shows a lost host elsewhere; keep what is known.
        () => {},
      )
    }
    check()
    const timer = setInterval(check, CHECK_EVERY_MS)
    return () => {
      clearInterval(timer)
      abort.abort()
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- checked again when the store has changed or was backed up
  }, [app, path, store, done])
  return found?.path === path && found.backup !== null ? { backup: found.backup, now: found.now } : null
}
