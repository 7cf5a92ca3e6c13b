import { Suspense } from 'react'
import { viewKey } from '../../model/array-shape.ts'
import { type ArrayViewProps, viewOf } from '../../model/array-views.ts'
import { useApp } from '../../model/hooks.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'

export function ArrayBody(props: ArrayViewProps) {
  const { store, array } = props
  const { id, component: View, isKept } = viewOf(useApp(), store, array)
  const drawn = JSON.stringify([store.info.path, ...viewKey(array), store.rowSet, id])
  return (
    <ErrorBoundary drawn={drawn} what="This view" advice="The other views and arrays still work.">
      <Suspense key={isKept ? id : drawn}>
        <View {...props} />
      </Suspense>
    </ErrorBoundary>
  )
}
