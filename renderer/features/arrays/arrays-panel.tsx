import { Package, TriangleAlert } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { StoreInfo } from '../../../core/explorer/contract/types.ts'
import { runCommand } from '../../model/commands.ts'
import { useKeysOf } from '../../model/use-commands.ts'
import { useApp, useSession } from '../../model/hooks.ts'
import { activeStore, showsPackage } from '../../model/session.ts'
import { pluralize } from '../../ui/format.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { ArrayList } from './array-list.tsx'
import styles from './arrays-panel.module.css'
import { filterArrays } from './filter.ts'
import { arraysHead, warningCount } from './array-counts.ts'

function nothingText({ arrays, package: facts }: StoreInfo): string | null {
  if (arrays.length > 0) return null
  return facts?.fault ? 'None of its arrays can be read.' : 'No arrays yet.'
}

export function ArraysPanel({ children }: { children?: ReactNode }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const info = useSession(session => activeStore(session)?.info)
  const activeName = useSession(session => activeStore(session)?.activeArray?.array ?? null)
  const isShown = useSession(session => showsPackage(activeStore(session)))
  const [filter, setFilter] = useState('')
  const arrays = useMemo(() => filterArrays(info?.arrays ?? [], filter), [info, filter])
  const warnings = useMemo(() => (info ? warningCount(info) : 0), [info])
  if (!info) return null
  return (
    <nav className={styles['panel']} aria-label="Arrays">
      {info.package !== null && (
        <Tooltip label="Show the package contents" shortcut={keysOf('showPackage')}>
          <button
            type="button"
            className={styles['package']}
            aria-current={isShown ? 'page' : undefined}
            onClick={() => runCommand(app, 'showPackage')}
          >
            <Package size={14} aria-hidden />
            <span>{info.name}</span>
          </button>
        </Tooltip>
      )}
      <h2 className={styles['head']}>{arraysHead(info, arrays)}</h2>
      <ArrayList
        key={info.path}
        store={info.path}
        arrays={arrays}
        activeName={activeName}
        filter={filter}
        onFilter={setFilter}
        nothing={nothingText(info)}
      />
      {children}
      {warnings > 0 && (
        <Tooltip label="Show warnings and damage" shortcut={keysOf('showWarnings')}>
          <button type="button" className={styles['foot']} onClick={() => runCommand(app, 'showWarnings')}>
            <TriangleAlert size={13} aria-hidden />
            {pluralize(warnings, 'warning')}
          </button>
        </Tooltip>
      )}
    </nav>
  )
}
