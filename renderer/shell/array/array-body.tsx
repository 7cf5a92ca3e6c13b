import { Suspense } from 'react'
import { viewKey } from '../../model/array-shape.ts'
import { type ArrayViewProps, viewOf } from '../../model/array-views.ts'
import { useApp } from '../../model/hooks.ts'
import { forgetViewStates } from '../../model/use-view-state.ts'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'

export function ArrayBody(props: ArrayViewProps) {
  const { store, array } = props
  const app = useApp()
  const { id, component: View, isKept } = viewOf(app, store, array)
  const drawn = JSON.stringify([store.info.path, ...viewKey(array), store.rowSet, id])
  return (
    <ErrorBoundary
      drawn={drawn}
      what="This view"
      advice="The other views and arrays still work. Resetting it forgets what was chosen for this array."
      reset={() => forgetViewStates(app, store, array)}
    >
      <Suspense key={isKept ? id : drawn}>
        <View {...props} />
      </Suspense>
    </ErrorBoundary>
  )
}
