import type { ArrayInfo, StoreInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import { arrayKind } from '../model/array-shape.ts'
import { JobsButton } from '../features/jobs/jobs-button.tsx'
import { useCurrentRow } from '../model/use-current-row.ts'
import { useGridStatus, useSession } from '../model/hooks.ts'
import { activeArray, activeStore } from '../model/session.ts'
import { formatInteger, pluralize, formatDuration, formatPercent } from '../ui/format.ts'
import { describeSelection } from '../features/details/selection-text.ts'
import styles from './status-line.module.css'
import { formatCurrentRow } from './row-text.ts'

const openText = (number: number, noun: string): string =>
  `${number === 0 ? `No ${noun}` : pluralize(number, noun)} open`

const WHY_OPEN = 'Files stay open while they are read, and close two to four seconds after the last read.'

const withoutArray = ({ package: facts }: StoreInfo): string =>
  facts === null ? 'No arrays' : `Package · ${facts.fault ? 'claims ' : ''}${pluralize(facts.fileCount, 'file')}`

export function StatusLine() {
  const array = useSession(activeArray)
  const info = useSession(session => activeStore(session)?.info)
  const stores = useSession(session => session.stores.length)
  const rowSet = useSession(session => activeStore(session)?.rowSet)
  const notices = useSession(session => session.hostNotices)
  const opening = useSession(session => session.opening)
  const openFiles = useSession(session => session.openFiles)
  const copy = useGridStatus(status => status.copy)
  const read = useGridStatus(status => status.read)
  return (
    <footer className={styles['line']} aria-label="Status">
      {array && rowSet ? (
        <RowsStatus array={array} rowSet={rowSet} />
      ) : (
        <span>{info ? withoutArray(info) : openText(stores, 'store')}</span>
      )}
      <span className={styles['spacer']} />
      {opening[0] !== undefined && <span>Opening {opening[0]}…</span>}
      {copy?.state === 'reading' && (
        <span>
          Copying {formatInteger(copy.cellsDone)} of {pluralize(copy.cells, 'cell')}
        </span>
      )}
      {notices.map(notice => (
        <span key={notice} className={styles['notice']} title={notice}>
          {notice}
        </span>
      ))}
      {array && read && <span>Read {formatDuration(read.milliseconds)}</span>}
      {array && openFiles !== null && <span title={WHY_OPEN}>{openText(openFiles, 'file')}</span>}
      {array && <span>Read-only</span>}
      <JobsButton />
    </footer>
  )
}

function RowsStatus({ array, rowSet }: { array: ArrayInfo; rowSet: RowSetName }) {
  const row = useCurrentRow()
  const selection = useGridStatus(status => status.selection)
  const kind = arrayKind(array, rowSet)
  if (kind === 'behindLink') return <span>Behind a link</span>
  if (kind === 'damaged') return <span>Damaged</span>
  if (kind === 'scalar') return <span>1 value</span>
  const physicalRows = array.physicalShape[0] ?? 0
  const { deletedRows } = array
  return (
    <>
      <span>{formatCurrentRow(array, rowSet, kind === 'grid' ? row : null)}</span>
      {deletedRows > 0 && (
        <>
          <span className={styles['muted']}>{formatInteger(physicalRows)} on disk</span>
          <span className={styles['muted']}>
            {formatInteger(deletedRows)} deleted ({formatPercent(deletedRows, physicalRows)})
          </span>
        </>
      )}
      {kind === 'grid' && selection && <span className={styles['muted']}>{describeSelection(selection)}</span>}
    </>
  )
}
