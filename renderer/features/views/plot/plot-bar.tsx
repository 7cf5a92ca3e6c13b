import { type KeyboardEvent, useState } from 'react'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { PARTS } from '../../../../core/format/numbers.ts'
import { SegmentedControl } from '../../../ui/segmented-control.tsx'
import { isComplex } from '../../../model/complex.ts'
import { formatLines, parseLines } from './parse-lines.ts'
import { ExportTools } from '../../../components/export-tools.tsx'
import type { Along, PlotChoice, PlotKind } from './plot-choice.ts'
import pictureStyles from '../../../components/picture.module.css'
import fieldStyles from '../../../ui/field.module.css'
import styles from './plot.module.css'
import { Select } from '../../../ui/select.tsx'

const KINDS: { value: PlotKind; label: string; tooltip: string }[] = [
  { value: 'lines', label: 'Lines', tooltip: 'Columns or rows as lines' },
  { value: 'scatter', label: 'Scatter', tooltip: 'Rows as points of two columns' },
  { value: 'histogram', label: 'Histogram', tooltip: 'Distribution of the values' },
]

const ALONG: { value: Along; label: string; tooltip: string }[] = [
  { value: 'rows', label: 'Columns', tooltip: 'Each line is a column, over the rows' },
  { value: 'columns', label: 'Rows', tooltip: 'Each line is a row, over the columns' },
]

interface PlotBarProps {
  array: ArrayInfo
  rows: number
  columns: number
  choice: PlotChoice
  onChange: (change: Partial<PlotChoice>) => void
}

export function PlotBar({ array, rows, columns, choice, onChange }: PlotBarProps) {
  const { kind, along, part } = choice
  const kinds = columns > 1 ? KINDS : KINDS.filter(({ value }) => value !== 'scatter')
  return (
    <div className={pictureStyles['bar']} role="toolbar" aria-label="Plot">
      <SegmentedControl label="Kind of plot" options={kinds} value={kind} onChange={kind => onChange({ kind })} />
      {kind === 'lines' && columns > 1 && (
        <SegmentedControl label="Lines are" options={ALONG} value={along} onChange={along => onChange({ along })} />
      )}
      {kind === 'lines' && (along === 'columns' || columns > 1) && (
        <LinesField
          key={along}
          noun={along === 'rows' ? 'column' : 'row'}
          size={along === 'rows' ? columns : rows}
          lines={along === 'rows' ? choice.columns : choice.rows}
          onChange={lines => onChange(along === 'rows' ? { columns: lines } : { rows: lines })}
        />
      )}
      {kind === 'scatter' && (
        <>
          <ColumnField name="x" columns={columns} chosen={choice.columns} at={0} onChange={onChange} />
          <ColumnField name="y" columns={columns} chosen={choice.columns} at={1} onChange={onChange} />
        </>
      )}
      {isComplex(array) && <Select label="Part" options={PARTS} value={part} onChange={part => onChange({ part })} />}
      <span className={pictureStyles['spacer']} />
      <ExportTools />
    </div>
  )
}

interface LinesFieldProps {
  noun: 'column' | 'row'
  size: number
  lines: readonly number[]
  onChange: (lines: number[]) => void
}

function LinesField({ noun, size, lines, onChange }: LinesFieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const submit = (): void => {
    if (draft === null) return
    const parsed = parseLines(draft, size, noun)
    setWrong(parsed.ok ? null : parsed.message)
    if (!parsed.ok) return
    setDraft(null)
    onChange(parsed.lines)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') submit()
    if (event.key === 'Escape') {
      event.preventDefault()
      setDraft(null)
      setWrong(null)
    }
  }
  return (
    <label className={fieldStyles['field']}>
      {noun === 'column' ? 'Columns' : 'Rows'}
      <input
        className={`${pictureStyles['input']} ${styles['lines']} ${wrong === null ? '' : pictureStyles['wrong']}`}
        autoComplete="off"
        spellCheck={false}
        aria-label={`${noun === 'column' ? 'Columns' : 'Rows'}, for example 0, 3, 8-11`}
        aria-invalid={wrong !== null}
        value={draft ?? formatLines(lines)}
        onChange={({ target }) => {
          setDraft(target.value)
          setWrong(null)
        }}
        onBlur={submit}
        onKeyDown={onKeyDown}
      />
      {wrong !== null && (
        <span className={styles['message']} role="alert">
          {wrong}
        </span>
      )}
    </label>
  )
}

interface ColumnFieldProps {
  name: string
  columns: number
  chosen: readonly number[]
  at: 0 | 1
  onChange: (change: Partial<PlotChoice>) => void
}

function ColumnField({ name, columns, chosen, at, onChange }: ColumnFieldProps) {
  const [first = 0, second = Math.min(1, columns - 1)] = chosen
  const value = at === 0 ? first : second
  const choose = (column: number): void => {
    const within = Math.max(0, Math.min(columns - 1, column))
    onChange({ columns: at === 0 ? [within, second] : [first, within] })
  }
  return (
    <label className={fieldStyles['field']}>
      {name}
      <input
        className={`${pictureStyles['input']} ${pictureStyles['number']}`}
        type="number"
        min={0}
        max={columns - 1}
        aria-label={`Column of the ${name} axis`}
        value={value}
        onChange={({ target }) => target.value !== '' && choose(Math.trunc(Number(target.value)))}
      />
    </label>
  )
}
