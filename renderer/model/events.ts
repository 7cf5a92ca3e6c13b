import type { ArrayInfo, ExplorerEvent, StoreInfo } from '../../core/explorer/contract/types.ts'
import { formatInteger, formatShape } from '../ui/format.ts'
import { fittingIndex } from './array-shape.ts'
import { showArray } from './navigation.ts'
import type { App } from './app.ts'
import { runHostCommand } from './commands.ts'
import { announceEnd } from './announce-job.ts'
import { isJob, jobChanged, jobDismissed, loadJobs } from './jobs.ts'
import { announce } from './notices.ts'
import { openPaths, reopen } from './opening.ts'
import { settingsChanged } from './settings.ts'
import { arrayNamed, decompressionKey, storeAt, withStore } from './session.ts'

const MOST_NAMED = 2

function changeOf(before: ArrayInfo | undefined, after: ArrayInfo): string | null {
  if (!before) return `${after.name} is new`
  if (before.generation === after.generation) return null
  if (after.damaged !== null) return `${after.name} can’t be read any more`
  if (formatShape(before.shape) === formatShape(after.shape)) return `${after.name} has new values`
  const sameRows = formatShape(before.shape.slice(1)) === formatShape(after.shape.slice(1)) && after.shape.length > 0
  return sameRows
    ? `${after.name} now has ${formatInteger(after.shape[0]!)} rows`
    : `${after.name} is now ${formatShape(after.shape)}`
}

/** Describes the change of a store on disk in one sentence; null when nothing visible changed. */
export function storeChange(before: StoreInfo, after: StoreInfo): string | null {
  const names = new Set(after.arrays.map(({ name }) => name))
  const gone = before.arrays.filter(({ name }) => !names.has(name)).map(({ name }) => `${name} is gone`)
  const known = new Map(before.arrays.map(array => [array.name, array]))
  const changed = after.arrays.flatMap(array => changeOf(known.get(array.name), array) ?? [])
  const all = [...changed, ...gone]
  if (all.length === 0) return null
  const more = all.length > MOST_NAMED ? `, and ${formatInteger(all.length - MOST_NAMED)} more` : ''
  return `${after.name} changed on disk: ${all.slice(0, MOST_NAMED).join(', ')}${more}.`
}

function storeChanged(app: App, info: StoreInfo): void {
  const before = app.session.getState().stores.find(store => store.info.id === info.id)
  if (!before) return
  const { path } = before.info
  const shownArray = before.activeArray && arrayNamed(info, before.activeArray.array)
  app.session.setState(session =>
    withStore(session, path, store => ({
      ...store,
      info: { ...info, path },
      activeArray:
        store.activeArray && shownArray
          ? { ...store.activeArray, index: fittingIndex(shownArray, store.activeArray.index) }
          : null,
    })),
  )
  const showsPackage = info.package !== null && before.activeArray === null
  if (!shownArray && !showsPackage && info.arrays[0]) void showArray(app, path, info.arrays[0].name)
  // The user who allowed or forbade to follow links has changed nothing on the disk.
  const isOnDisk = info.problem === null && info.followsLinks === before.info.followsLinks
  const change = isOnDisk ? storeChange(before.info, info) : null
  if (change !== null) announce(app, 'info', change, { topic: `changed ${path}` })
}

function decompressing(app: App, event: Extract<ExplorerEvent, { type: 'decompressing' }>): void {
  const { store, array, bytesDone, bytesTotal } = event
  app.session.setState(({ decompressing }) => {
    const known = new Map(decompressing)
    if (bytesDone < bytesTotal) known.set(decompressionKey(store, array), { bytesDone, bytesTotal })
    else known.delete(decompressionKey(store, array))
    return { decompressing: known }
  })
}

export function handleEvent(app: App, event: ExplorerEvent): void {
  switch (event.type) {
    case 'storeChanged':
      storeChanged(app, event.store)
      break
    case 'decompressing':
      decompressing(app, event)
      break
    case 'openFiles':
      app.session.setState({ openFiles: event.files })
      break
    case 'openPaths':
      void openPaths(app, event.paths)
      break
    case 'command':
      runHostCommand(app, event.command)
      break
    case 'notice':
      app.session.setState(({ hostNotices }) => ({ hostNotices: [...new Set([...hostNotices, event.message])] }))
      announce(app, 'error', event.message, { topic: event.message })
      break
    case 'settingsChanged':
      settingsChanged(app, event.settings)
      break
    case 'taskChanged':
      if (!isJob(event.task)) break
      jobChanged(app, event.task)
      announceEnd(app, event.task)
      break
    case 'jobDismissed':
      jobDismissed(app, event.job)
      break
    default:
      event satisfies never
  }
}

export function connectionChanged(app: App, connection: 'connected' | 'lost'): void {
  app.session.setState({ connection, openFiles: null })
  if (connection === 'lost') return
  void loadJobs(app)
  for (const { info } of app.session.getState().stores) {
    if (storeAt(app.session.getState(), info.path)) void reopen(app, info.path)
  }
}
