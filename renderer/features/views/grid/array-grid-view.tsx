import { useEffect, useMemo } from 'react'
import { createArraySource, type GridSource } from '../../../grid/index.ts'
import { keptObject } from '../../../model/use-view-state.ts'
import { arrayKind } from '../../../model/array-shape.ts'
import type { ArrayViewProps } from '../../../model/array-views.ts'
import { useApp, useSettings } from '../../../model/hooks.ts'
import { INITIAL_GRID_STATUS } from '../../../model/grid-status.ts'
import { copiedNumber } from '../../../model/settings.ts'
import { GridPane } from './grid-pane.tsx'
import { AllDeleted, ArrayBehindLink, DamagedArray, NoElements, NoneDeleted } from './no-grid.tsx'
import { ScalarValue } from './scalar-value.tsx'
import { sampleColumns } from './sample-columns.ts'
import { useShading } from './use-shading.ts'

export function ArrayGridView({ store, array, activeArray }: ArrayViewProps) {
  switch (arrayKind(array, store.rowSet)) {
    case 'behindLink':
      return <ArrayBehindLink array={array} />
    case 'damaged':
      return <DamagedArray array={array} />
    case 'scalar':
      return <ScalarValue store={store.info} array={array} />
    case 'noElements':
      return <NoElements array={array} />
    case 'allDeleted':
      return <AllDeleted array={array} />
    case 'noneDeleted':
      return <NoneDeleted />
    default:
      return <ArrayGrid store={store} array={array} activeArray={activeArray} />
  }
}

function ArrayGrid({ store, array, activeArray }: ArrayViewProps) {
  const app = useApp()
  const { rowSet, info } = store
  const { id } = info
  const { index } = activeArray
  const cellFormat = useSettings(settings => settings.cellFormat)
  const shading = useShading(store, array)
  const resized = keptObject(store, array, `column widths, ${cellFormat}`, {})
  const source = useMemo((): GridSource => {
    const source = createArraySource(app.bridge, id, array, rowSet, index, cellFormat)
    return {
      ...source,
      resized,
      sampleColumns: (columns, signal) =>
        sampleColumns(app.bridge, { store: id, array, rowSet, index }, columns, signal),
      copyText: (data, at) => copiedNumber(app, source.copyText(data, at)),
    }
  }, [app, id, array, rowSet, index, cellFormat, resized])
  useEffect(() => () => app.gridStatus.setState(INITIAL_GRID_STATUS), [app])
  return (
    <GridPane source={source} shading={shading} label={`${array.name}, ${array.dtype}`} activeArray={activeArray} />
  )
}
