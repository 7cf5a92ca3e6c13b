import type { StoreInfo } from '../../../core/explorer/contract/types.ts'
import { useApp, useSession } from '../../model/hooks.ts'
import { closeStore, reopen } from '../../model/opening.ts'
import { activeArray, activeStore } from '../../model/session.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { toSentence } from '../../ui/format.ts'
import { ArrayBody } from './array-body.tsx'
import { ArrayHeader } from './array-header.tsx'
import { Decompression } from '../../features/packages/decompression.tsx'
import { PackageView } from '../../features/packages/package-view.tsx'
import styles from './array-pane.module.css'
import { ArrayBar } from './array-bar.tsx'
import { EmptyStore } from './empty-store.tsx'

export function ArrayPane() {
  const app = useApp()
  const store = useSession(activeStore)
  const array = useSession(activeArray)
  if (!store) return null
  const { info, activeArray: active } = store
  return (
    <main className={styles['pane']} aria-label="Array">
      {info.problem !== null && (
        <Banner
          actions={
            <>
              <Button onClick={() => void reopen(app, info.path)}>Try again</Button>
              <Button onClick={() => closeStore(app, info.path)}>Close the store</Button>
            </>
          }
        >
          {toSentence(info.problem)} Put the store back and it opens again, or close it.
        </Banner>
      )}
      {array && active ? (
        <>
          <ArrayHeader store={store} array={array} />
          <Decompression store={info.id} array={array.name} />
          <ArrayBar store={store} array={array} index={active.index} />
          <ArrayBody store={store} array={array} activeArray={active} />
        </>
      ) : (
        <WithoutArray info={info} />
      )}
    </main>
  )
}

function WithoutArray({ info }: { info: StoreInfo }) {
  if (info.package !== null) {
    const { lastModified, packageSize } = info.package
    return <PackageView key={`${info.path} ${lastModified} ${packageSize}`} info={info} facts={info.package} />
  }
  return (
    <>
      <div className={styles['header']}>
        <h1 className={styles['name']} title={info.path}>
          {info.name}
        </h1>
      </div>
      {info.problem === null && <EmptyStore />}
    </>
  )
}
