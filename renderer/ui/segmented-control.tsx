import type { LucideIcon } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import { Tooltip } from './tooltip.tsx'
import styles from './segmented-control.module.css'

interface SegmentOption<T extends string> {
  value: T
  label: string
  icon?: LucideIcon
  /** Left out where the label says all. */
  tooltip?: string
  shortcut?: string
}

interface SegmentedControlProps<T extends string> {
  label: string
  options: readonly SegmentOption<T>[]
  value: T
  onChange: (value: T) => void
}

export const SegmentedControl = <T extends string>({ label, options, value, onChange }: SegmentedControlProps<T>) => (
  <ToggleGroup.Root
    type="single"
    className={styles['segments']}
    aria-label={label}
    value={value}
    // Radix passes '' when the active segment is pressed again.
    onValueChange={chosen => chosen !== '' && onChange(chosen as T)}
  >
    {options.map(option =>
      option.tooltip === undefined ? (
        <Segment key={option.value} {...option} />
      ) : (
        <Tooltip key={option.value} label={option.tooltip} shortcut={option.shortcut}>
          {/* The tooltip's data-state on the item would replace its own (on or off). */}
          <span>
            <Segment {...option} />
          </span>
        </Tooltip>
      ),
    )}
  </ToggleGroup.Root>
)

const Segment = ({ value, label, icon: Icon }: Pick<SegmentOption<string>, 'value' | 'label' | 'icon'>) => (
  <ToggleGroup.Item className={styles['segment']} value={value}>
    {Icon && <Icon size={13} aria-hidden />}
    <span className={Icon && styles['label']}>{label}</span>
  </ToggleGroup.Item>
)
