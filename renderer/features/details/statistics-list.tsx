import type { RowSetName } from '../../../core/explorer/contract/types.ts'
import { useApp } from '../../model/hooks.ts'
import { formatInteger } from '../../ui/format.ts'
import type { StatisticsFact } from './statistics-facts.ts'
import { Figure } from './figure.tsx'
import { goToElement } from './go-to-element.ts'
import styles from './stats.module.css'

/** Formats the position of an element: 'row 118,204', 'row 5, column 2', 'row 5, at [2, 3]'. */
function formatElementIndex([row = 0, ...rest]: readonly number[]): string {
  const rowText = `row ${formatInteger(row)}`
  if (rest.length === 0) return rowText
  const within = rest.map(formatInteger).join(', ')
  return rest.length === 1 ? `${rowText}, column ${within}` : `${rowText}, at [${within}]`
}

interface StatisticsListProps {
  facts: readonly StatisticsFact[]
  rowSet: RowSetName
  /** Whether the facts are those of the previous task: their elements may be elsewhere now. */
  isPrevious: boolean
}

export function StatisticsList({ facts, rowSet, isPrevious }: StatisticsListProps) {
  const app = useApp()
  return (
    <dl className={styles['list']}>
      {facts.map(({ name, value, at }) => (
        <div key={name} className={styles['fact']}>
          <dt>{name}</dt>
          <dd>
            <Figure text={value} />
            {at && at.length > 0 && (
              <button
                type="button"
                className={styles['link']}
                disabled={isPrevious}
                title={`Go to ${formatElementIndex(at)}`}
                onClick={() => void goToElement(app, rowSet, at)}
              >
                {formatElementIndex(at)}
              </button>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
