import { lazy, Suspense, useEffect, useMemo } from 'react'
import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { createArraySource } from '../../grid/index.ts'
import { InfoPane } from '../../features/views/info/info-pane.tsx'
import { useApp, usePreferences } from '../../model/hooks.ts'
import { STILL } from '../../model/live.ts'
import type { OpenStore, Shown } from '../../model/session.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { arrayKind } from '../../model/array-shape.ts'
import { displayOf } from '../../model/displays.ts'
import { GridPane } from '../../features/views/grid/grid-pane.tsx'
import { AllDeleted, DamagedArray, NoElements, NoneDeleted } from '../../features/views/grid/no-grid.tsx'
import { ScalarValue } from '../../features/views/grid/scalar-value.tsx'
import { useShading } from '../../features/views/grid/use-shading.ts'

interface ArrayBodyProps {
  store: OpenStore
  array: ArrayInfo
  shown: Shown
}

/** The grid of an array, or what there is to say about an array without one. */
export function ArrayBody({ store, array, shown }: ArrayBodyProps) {
  if (displayOf(store, array) === 'info')
    return <InfoPane key={JSON.stringify([store.info.path, array.name])} store={store.info} array={array} />
  switch (arrayKind(array, store.view)) {
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
      return <ArrayDisplay store={store} array={array} shown={shown} />
  }
}

// What draws pictures is loaded when the first one is wanted: no start waits for it.
const PlotPane = lazy(async () => ({ default: (await import('../../features/views/plot/plot-pane.tsx')).PlotPane }))
const ColumnsPane = lazy(async () => ({
  default: (await import('../../features/views/columns/columns-pane.tsx')).ColumnsPane,
}))
const ImagePane = lazy(async () => ({ default: (await import('../../features/views/image/image-pane.tsx')).ImagePane }))

function ArrayDisplay({ store, array, shown }: ArrayBodyProps) {
  const display = displayOf(store, array)
  const props = { store, array, shown }
  if (display === 'grid') return <ArrayGrid {...props} />
  const key = JSON.stringify([store.info.path, array.name, store.view, display])
  return (
    <ErrorBoundary key={key} what="This view" advice="The other views and arrays go on working.">
      <Suspense>
        {display === 'plot' && <PlotPane {...props} />}
        {display === 'image' && <ImagePane {...props} />}
        {display === 'columns' && <ColumnsPane {...props} />}
      </Suspense>
    </ErrorBoundary>
  )
}

function ArrayGrid({ store, array, shown }: ArrayBodyProps) {
  const app = useApp()
  const { id } = store.info
  const cellFormat = usePreferences(preferences => preferences.cellFormat)
  const shading = useShading(store, array)
  const source = useMemo(
    () => createArraySource(app.bridge, id, array, store.view, shown.index, cellFormat),
    [app, id, array, store.view, shown.index, cellFormat],
  )
  useEffect(() => () => app.live.setState(STILL), [app])
  return <GridPane source={source} shading={shading} label={`${array.name}, ${array.dtype}`} shown={shown} />
}
