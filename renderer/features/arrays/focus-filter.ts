import type { App } from '../../model/app.ts'
import { setPreference } from '../../model/preferences.ts'
import { focusField } from '../../ui/focus-field.ts'

export const ARRAY_FILTER_ID = 'array-filter'

/** Focuses the filter of the arrays and shows its panel first when it is hidden. */
export function focusArrayFilter(app: App): void {
  if (focusField(ARRAY_FILTER_ID)) return
  setPreference(app, 'arraysHidden', false)
  requestAnimationFrame(() => focusField(ARRAY_FILTER_ID))
}
