import type { Figures } from '../../../core/explorer/contract/types.ts'
import { formatInteger } from '../../ui/format.ts'
import { formatNumber, groupDigits } from '../../ui/number-text.ts'
import styles from './stats.module.css'

const NAMES = ['Red', 'Green', 'Blue', 'Alpha']

/** Significant digits that distinguish channels in a narrow panel. */
const DIGITS = 5

const short = (value: number | null): string => (value === null ? '' : formatNumber(Number(value.toPrecision(DIGITS))))

const Extreme = ({ text }: { text: string | null }) => (
  <td title={text === null ? '' : groupDigits(text)}>{short(text === null ? null : Number(text))}</td>
)

export function ChannelTable({ channels }: { channels: NonNullable<Figures['channels']> }) {
  const withNaN = channels.some(({ nan }) => nan > 0)
  return (
    <table className={styles['channels']} aria-label="Channels">
      <thead>
        <tr>
          <th scope="col">Channel</th>
          <th scope="col">Min</th>
          <th scope="col">Max</th>
          <th scope="col">Mean</th>
          <th scope="col">Std</th>
          {withNaN && <th scope="col">NaN</th>}
        </tr>
      </thead>
      <tbody>
        {channels.map(({ min, max, mean, std, nan }, channel) => (
          <tr key={NAMES[channel]}>
            <th scope="row">{NAMES[channel]}</th>
            <Extreme text={min} />
            <Extreme text={max} />
            <td>{short(mean)}</td>
            <td>{short(std)}</td>
            {withNaN && <td>{formatInteger(nan)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
