import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { useCommandHints } from '../../model/use-commands.ts'
import { useApp } from '../../model/hooks.ts'
import type { Display, OpenStore } from '../../model/session.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { displayOf, displaysOf, showDisplay } from '../../model/displays.ts'

const DISPLAYS: Record<Display, { label: string; command: string }> = {
  grid: { label: 'Grid', command: 'displayGrid' },
  plot: { label: 'Plot', command: 'displayPlot' },
  image: { label: 'Image', command: 'displayImage' },
  columns: { label: 'Columns', command: 'displayColumns' },
  info: { label: 'Info', command: 'displayInfo' },
}

/** Chooses what the array on screen is shown as. */
export function ViewSwitch({ store, array }: { store: OpenStore; array: ArrayInfo }) {
  const app = useApp()
  const withHint = useCommandHints()
  const segments = displaysOf(array, store.view).map(value => withHint({ value, ...DISPLAYS[value] }))
  return (
    <Segmented
      label="Shown as"
      segments={segments}
      value={displayOf(store, array)}
      onChange={display => showDisplay(app, display)}
    />
  )
}
