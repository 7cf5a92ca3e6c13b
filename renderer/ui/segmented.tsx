import { ToggleGroup } from 'radix-ui'
import { Hint } from './hint.tsx'
import styles from './segmented.module.css'

interface Segment<T extends string> {
  value: T
  label: string
  hint: string
  keys?: string
}

interface SegmentedProps<T extends string> {
  label: string
  segments: readonly Segment<T>[]
  value: T
  onChange: (value: T) => void
}

export const Segmented = <T extends string>({ label, segments, value, onChange }: SegmentedProps<T>) => (
  <ToggleGroup.Root
    type="single"
    className={styles['segments']}
    aria-label={label}
    value={value}
    // Radix passes '' when the active segment is pressed again.
    onValueChange={chosen => chosen !== '' && onChange(chosen as T)}
  >
    {segments.map(segment => (
      <Hint key={segment.value} label={segment.hint} keys={segment.keys}>
        <span>
          <ToggleGroup.Item className={styles['segment']} value={segment.value}>
            {segment.label}
          </ToggleGroup.Item>
        </span>
      </Hint>
    ))}
  </ToggleGroup.Root>
)
