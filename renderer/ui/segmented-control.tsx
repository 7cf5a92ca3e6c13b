import type { LucideIcon } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import { Tooltip } from './tooltip.tsx'
import styles from './segmented-control.module.css'

interface SegmentOption<T extends string> {
  value: T
  label: string
  icon?: LucideIcon
  tooltip: string
  keys?: string
}

interface SegmentedControlProps<T extends string> {
  label: string
  segments: readonly SegmentOption<T>[]
  value: T
  onChange: (value: T) => void
}

export const SegmentedControl = <T extends string>({ label, segments, value, onChange }: SegmentedControlProps<T>) => (
  <ToggleGroup.Root
    type="single"
    className={styles['segments']}
    aria-label={label}
    value={value}
    // Radix passes '' when the active segment is pressed again.
    onValueChange={chosen => chosen !== '' && onChange(chosen as T)}
  >
    {segments.map(segment => (
      <Tooltip key={segment.value} label={segment.tooltip} keys={segment.keys}>
        <span>
          <ToggleGroup.Item className={styles['segment']} value={segment.value}>
            {segment.icon && <segment.icon size={13} aria-hidden />}
            <span className={segment.icon && styles['label']}>{segment.label}</span>
          </ToggleGroup.Item>
        </span>
      </Tooltip>
    ))}
  </ToggleGroup.Root>
)
