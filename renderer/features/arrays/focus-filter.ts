import type { App } from '../../model/app.ts'
import { showPanel } from '../../model/panels.ts'
import { focusField } from '../../ui/focus-field.ts'

export const ARRAY_FILTER_ID = 'array-filter'

export function focusArrayFilter(app: App): void {
  if (focusField(ARRAY_FILTER_ID)) return
  showPanel(app, 'arrays')
  requestAnimationFrame(() => focusField(ARRAY_FILTER_ID))
}
