import { ChevronLeft, ChevronRight } from 'lucide-react'
import { LIMITS } from '../../../../core/format/limits.ts'
import { formatInteger } from '../../../ui/format.ts'
import styles from './columns.module.css'

export function pageRange(page: number, columns: number): [number, number] {
  const start = page * LIMITS.columnsPage
  return [start, Math.min(columns, start + LIMITS.columnsPage)]
}

export const pagesOf = (columns: number): number => Math.max(1, Math.ceil(columns / LIMITS.columnsPage))

interface ColumnPagesProps {
  page: number
  columns: number
  onChoose: (page: number) => void
}

/** Page control for the columns of a wide array; renders nothing when one page holds them all. */
export function ColumnPages({ page, columns, onChoose }: ColumnPagesProps) {
  const pages = pagesOf(columns)
  if (pages === 1) return null
  const [start, stop] = pageRange(page, columns)
  const choose = (wanted: number): void => {
    if (Number.isFinite(wanted)) onChoose(Math.max(0, Math.min(pages - 1, Math.round(wanted))))
  }
  return (
    <nav className={styles['pages']} aria-label="Pages of columns">
      {/* A disabled button at the ends would lose the focus. */}
      <button type="button" aria-label="Previous columns" aria-disabled={page === 0} onClick={() => choose(page - 1)}>
        <ChevronLeft size={14} />
      </button>
      <span role="status">
        Columns {formatInteger(start)} to {formatInteger(stop - 1)} of {formatInteger(columns)}
      </span>
      <button
        type="button"
        aria-label="Next columns"
        aria-disabled={page === pages - 1}
        onClick={() => choose(page + 1)}
      >
        <ChevronRight size={14} />
      </button>
      <label>
        Page{' '}
        <input
          type="number"
          min={1}
          max={pages}
          value={page + 1}
          onChange={event => choose(event.currentTarget.valueAsNumber - 1)}
        />{' '}
        of {formatInteger(pages)}
      </label>
    </nav>
  )
}
