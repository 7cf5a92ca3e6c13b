import type { App } from '../model/app.ts'
import { setPreference } from '../model/preferences.ts'

/** Fields that commands put the focus into. */
export const ROW_FIELD_ID = 'row-field'
export const ARRAY_FILTER_ID = 'array-filter'

function focusField(id: string): boolean {
  const field = document.getElementById(id)
  if (!(field instanceof HTMLInputElement)) return false
  field.focus()
  field.select()
  return true
}

export const focusRowField = (): void => void focusField(ROW_FIELD_ID)

/** Puts the focus into the filter of the arrays, in a panel that is shown for it where it was hidden. */
export function focusArrayFilter(app: App): void {
  if (focusField(ARRAY_FILTER_ID)) return
  setPreference(app, 'arraysHidden', false)
  requestAnimationFrame(() => focusField(ARRAY_FILTER_ID))
}
