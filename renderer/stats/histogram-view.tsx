import { count } from '../ui/format.ts'
import { numberText } from '../ui/number-text.ts'
import { barsPath } from '../ui/bars-path.ts'
import type { Histogram } from './use-statistics.ts'
import styles from './stats.module.css'

/** One in so many of the height is the least that is seen. */
const LEAST_HEIGHT = 0.02

/** A histogram as bars, with its ends below. */
export function HistogramView({ histogram }: { histogram: Histogram }) {
  const { edges, counts, below, above } = histogram
  const outside = below + above
  return (
    <figure className={styles['figure']}>
      <svg
        className={styles['bars']}
        viewBox={`0 0 ${counts.length} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${count(counts.length)} bins from ${numberText(edges[0]!)} to ${numberText(edges.at(-1)!)}`}
      >
        <path d={barsPath(counts, LEAST_HEIGHT)} />
      </svg>
      <figcaption className={styles['ends']}>
        <span>{numberText(edges[0]!)}</span>
        {outside > 0 && <span>{count(outside)} outside</span>}
        <span>{numberText(edges.at(-1)!)}</span>
      </figcaption>
    </figure>
  )
}
