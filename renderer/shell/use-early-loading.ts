import { useEffect } from 'react'
import { useApp } from '../model/hooks.ts'

/** No start waits for the views that are loaded later. */
const LOAD_AFTER_MS = 1000

/**
 * Loads the code of all views soon after the start: a page that stays open when its host has ended takes no code from who
 * has its port by then.
 */
export function useEarlyLoading(): void {
  const { views } = useApp()
  useEffect(() => {
    // One that fails is loaded again when it is chosen, and that says why.
    const load = (): void => void Promise.allSettled(views.map(view => Promise.resolve(view.load?.())))
    const timer = setTimeout(load, LOAD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [views])
}
