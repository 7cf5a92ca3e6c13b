import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { showIn, viewOf, viewsOf } from '../../model/array-views.ts'
import { useApp } from '../../model/hooks.ts'
import type { OpenStore } from '../../model/session.ts'
import { useIsMac } from '../../model/use-commands.ts'
import { formatKeys } from '../../ui/keys.ts'
import { SegmentedControl } from '../../ui/segmented-control.tsx'

export function ViewSwitch({ store, array }: { store: OpenStore; array: ArrayInfo }) {
  const app = useApp()
  const mac = useIsMac()
  const options = viewsOf(app, array, store.rowSet).map(({ id, title, icon, commandTitle, key }) => ({
    value: id,
    label: title,
    icon,
    tooltip: commandTitle,
    shortcut: formatKeys(key, mac),
  }))
  return (
    <SegmentedControl
      label="Shown as"
      options={options}
      value={viewOf(app, store, array).id}
      onChange={id => showIn(app, id)}
    />
  )
}
