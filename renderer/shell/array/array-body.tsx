import { lazy, Suspense } from 'react'
import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { GridView } from '../../features/views/grid/grid-view.tsx'
import { InfoPane } from '../../features/views/info/info-pane.tsx'
import { displayOf } from '../../model/displays.ts'
import type { OpenStore, Shown } from '../../model/session.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'

interface ArrayBodyProps {
  store: OpenStore
  array: ArrayInfo
  shown: Shown
}

// What draws pictures is loaded when the first one is wanted: no start waits for it.
const PlotPane = lazy(async () => ({ default: (await import('../../features/views/plot/plot-pane.tsx')).PlotPane }))
const ColumnsPane = lazy(async () => ({
  default: (await import('../../features/views/columns/columns-pane.tsx')).ColumnsPane,
}))
const ImagePane = lazy(async () => ({ default: (await import('../../features/views/image/image-pane.tsx')).ImagePane }))

/** The array on screen in the view that was chosen for it. */
export function ArrayBody({ store, array, shown }: ArrayBodyProps) {
  const display = displayOf(store, array)
  const props = { store, array, shown }
  if (display === 'grid') return <GridView {...props} />
  if (display === 'info')
    return <InfoPane key={JSON.stringify([store.info.path, array.name])} store={store.info} array={array} />
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
