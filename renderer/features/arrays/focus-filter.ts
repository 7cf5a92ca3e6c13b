import type { App } from '../../model/app.ts'
import { showPanel } from '../../model/panels.ts'
import { focusField } from '../../ui/focus-field.ts'

export const ARRAY_FILTER_ID = 'array-filter'

/** Focuses the filter of the arrays and shows its panel first when it is hidden. */
export function focusArrayFilter(app: App): void {
  if (focusField(ARRAY_FILTER_ID)) return
  showPanel(app, 'arrays')
  requestAnimationFrame(() => focusField(ARRAY_FILTER_ID))
}
