import type { View } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { sentence } from './failures.ts'
import { activeArray, activeStore } from './session.ts'
import { count } from '../ui/format.ts'
import type { Anchor } from './anchor.ts'
import { parseRow } from './parse-row.ts'

/** Whether the row is reached, and the message about it. */
export interface Arrival {
  arrived: boolean
  message: string | null
}

const refused = (message: string): Arrival => ({ arrived: false, message })

/** Returns why another row than the requested one is reached; null when it is the requested one. */
function detour({ row, numbering }: Anchor, view: View, deleted: boolean): string | null {
  const name = numbering === 'physical' ? `Row #${count(row)}` : `Row ${count(row)}`
  if (view === 'active' && deleted) return `${name} is deleted; this is the next row that is not.`
  if (view === 'deleted' && !deleted) return `${name} is not deleted; this is the next row that is.`
  return null
}

export async function goToRow(app: App, text: string): Promise<Arrival> {
  const session = app.session.getState()
  const store = activeStore(session)
  const array = activeArray(session)
  const grid = app.grid.current
  if (!store || !array || !grid) return refused('There are no rows on screen to go to.')
  const parsed = parseRow(text, array.shape[0] ?? 0, array.physicalShape[0] ?? 0)
  if (!parsed.ok) return refused(parsed.message)
  const { anchor } = parsed
  if (store.view === 'active' && anchor.numbering === 'logical') {
    grid.goTo(anchor.row)
    return { arrived: true, message: null }
  }
  try {
    const params = { store: store.info.id, array: array.name, view: store.view, ...anchor }
    const { result } = await app.bridge.request('locateRow', params)
    if (result.position === null) return refused('The view shows no rows.')
    app.grid.current?.goTo(result.position)
    return { arrived: true, message: detour(anchor, store.view, result.deleted) }
  } catch (error) {
    return refused(sentence(error))
  }
}
