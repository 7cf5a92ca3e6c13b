import fieldStyles from './field.module.css'
import styles from './select.module.css'

interface SelectProps<T extends string> {
  label: string
  options: readonly T[]
  value: T
  text?: (option: T) => string
  onChange: (value: T) => void
}

export const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

export const Select = <T extends string>({ label, options, value, text = capitalize, onChange }: SelectProps<T>) => (
  <label className={fieldStyles['field']}>
    {label}
    <select className={styles['select']} value={value} onChange={({ target }) => onChange(target.value as T)}>
      {options.map(option => (
        <option key={option} value={option}>
          {text(option)}
        </option>
      ))}
    </select>
  </label>
)
