import { formatBytes, formatPercent } from '../../ui/format.ts'
import styles from './package-view.module.css'
import type { SpaceShare } from './space.ts'

/** Strengths of the accent colour in percent, so that neighbouring parts differ. */
const STRENGTHS = [100, 74, 54, 40, 30, 22, 16, 11]

const strength = (at: number): string => `color-mix(in srgb, var(--accent) ${STRENGTHS[at] ?? 11}%, var(--line))`

export const SpaceBar = ({ shares, total }: { shares: readonly SpaceShare[]; total: number }) => (
  <figure className={styles['space']} aria-label="Space by array">
    <div className={styles['spaceBar']} aria-hidden>
      {shares.map(({ label, bytes, share }, at) => (
        <div
          key={label}
          title={`${label}: ${formatBytes(bytes)}`}
          style={{ flexGrow: share, backgroundColor: strength(at) }}
        />
      ))}
    </div>
    <ul className={styles['legend']}>
      {shares.map(({ label, bytes }, at) => (
        <li key={label} title={`${label}: ${formatBytes(bytes)}`}>
          <i style={{ backgroundColor: strength(at) }} />
          <span>{label}</span>
          <small>{formatPercent(bytes, total)}</small>
        </li>
      ))}
    </ul>
  </figure>
)
