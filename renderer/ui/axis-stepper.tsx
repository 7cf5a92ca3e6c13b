import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { formatInteger } from './format.ts'
import { parseIndex } from './parse-index.ts'
import { Tooltip } from './tooltip.tsx'
import styles from './axis-stepper.module.css'
import fieldStyles from './field.module.css'

interface AxisStepperProps {
  axis: number
  size: number
  value: number
  shortcuts: { previous: string; next: string }
  onChange: (value: number) => void
}

export function AxisStepper({ axis, size, value, shortcuts, onChange }: AxisStepperProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const messageId = useId()
  const last = size - 1
  const edit = (text: string | null): void => {
    setDraft(text)
    setProblem(null)
  }
  const choose = (chosen: number): void => {
    edit(null)
    onChange(Math.max(0, Math.min(chosen, last)))
  }
  const submit = (): void => {
    if (draft === null) return
    const parsed = parseIndex(draft, size)
    if (parsed.ok) choose(parsed.index)
    else setProblem(parsed.message)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') submit()
    else if (event.key === 'ArrowUp') choose(value + 1)
    else if (event.key === 'ArrowDown') choose(value - 1)
    else if (event.key === 'Escape') edit(null)
    else return
    event.preventDefault()
  }
  const name = `Axis ${axis}`
  return (
    <div className={fieldStyles['field']}>
      <span>{name}</span>
      <div className={styles['steps']} role="group" aria-label={name}>
        <Tooltip label="Previous slice" shortcut={shortcuts.previous}>
          <button
            type="button"
            className={styles['step']}
            aria-label={`Previous index of axis ${axis}`}
            disabled={value === 0}
            onClick={() => choose(value - 1)}
          >
            <ChevronLeft size={14} />
          </button>
        </Tooltip>
        <input
          role="spinbutton"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={value}
          inputMode="numeric"
          autoComplete="off"
          value={draft ?? formatInteger(value)}
          aria-invalid={problem !== null}
          aria-describedby={messageId}
          onChange={({ target }) => edit(target.value)}
          onFocus={({ target }) => target.select()}
          onBlur={() => edit(null)}
          onKeyDown={onKeyDown}
        />
        <Tooltip label="Next slice" shortcut={shortcuts.next}>
          <button
            type="button"
            className={styles['step']}
            aria-label={`Next index of axis ${axis}`}
            disabled={value === last}
            onClick={() => choose(value + 1)}
          >
            <ChevronRight size={14} />
          </button>
        </Tooltip>
      </div>
      <span className={styles['of']}>of {formatInteger(size)}</span>
      {problem !== null && (
        <span id={messageId} className={fieldStyles['message']} role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}
