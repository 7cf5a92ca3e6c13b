import type { App } from '../../model/app.ts'
import { setPreference } from '../../model/preferences.ts'
import { focusField } from '../../ui/focus-field.ts'

/** The element id of the filter of the arrays. */
export const ARRAY_FILTER_ID = 'array-filter'

/** Puts the focus into the filter of the arrays. Shows their panel first where it is hidden. */
export function focusArrayFilter(app: App): void {
  if (focusField(ARRAY_FILTER_ID)) return
  setPreference(app, 'arraysHidden', false)
  requestAnimationFrame(() => focusField(ARRAY_FILTER_ID))
}
