import { formatInteger, pluralize } from '../../ui/format.ts'
import { barsPath } from '../../ui/bars-path.ts'
import type { DType } from '../../../core/format/dtype.ts'
import { barsOf } from '../../model/statistics/histogram-bars.ts'
import type { Histogram } from '../../model/statistics/use-statistics.ts'
import styles from './stats.module.css'

const LEAST_HEIGHT = 0.02

export function HistogramView({ dtype, histogram }: { dtype: DType; histogram: Histogram }) {
  const bars = barsOf(dtype, histogram)
  const { counts } = bars
  const [least, greatest] = bars.ends
  const outside = histogram.below + histogram.above
  return (
    <figure className={styles['figure']}>
      <svg
        className={styles['bars']}
        viewBox={`0 0 ${counts.length} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${pluralize(counts.length, 'bin')} from ${least} to ${greatest}`}
      >
        <path d={barsPath(counts, LEAST_HEIGHT)} />
      </svg>
      <figcaption className={styles['ends']}>
        <span>{least}</span>
        {outside > 0 && <span>{formatInteger(outside)} outside</span>}
        <span>{greatest}</span>
      </figcaption>
    </figure>
  )
}
