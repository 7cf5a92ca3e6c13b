import { Suspense } from 'react'
import { type ArrayViewProps, viewOf } from '../../model/array-views.ts'
import { useApp } from '../../model/hooks.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'

export function ArrayBody(props: ArrayViewProps) {
  const { store, array } = props
  const { id, component: View, isKept } = viewOf(useApp(), store, array)
  if (isKept) return <View {...props} />
  // As in `useViewState`: an array that is rewritten with other axes or another dtype is another one.
  const { name, dtype, physicalShape } = array
  const key = JSON.stringify([store.info.path, name, dtype, physicalShape.slice(1), store.rowSet, id])
  return (
    <ErrorBoundary key={key} what="This view" advice="The other views and arrays still work.">
      <Suspense>
        <View {...props} />
      </Suspense>
    </ErrorBoundary>
  )
}
