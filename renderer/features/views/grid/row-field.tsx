import { type KeyboardEvent, useId, useState } from 'react'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { ROW_FIELD_ID } from './row-field-id.ts'
import { useKeysOf } from '../../../model/use-commands.ts'
import { useApp } from '../../../model/hooks.ts'
import { Tooltip } from '../../../ui/tooltip.tsx'
import fieldStyles from '../../../ui/field.module.css'
import styles from './row-field.module.css'
import { type GoToResult, goToRow } from '../../../model/go-to-row.ts'
import { useCurrentRow } from '../../../model/use-current-row.ts'
import { formatInteger } from '../../../ui/format.ts'

export function RowField({ array }: { array: ArrayInfo }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const row = useCurrentRow()
  const [draft, setDraft] = useState<string | null>(null)
  const [result, setResult] = useState<GoToResult | null>(null)
  const isWrong = result !== null && !result.arrived
  const messageId = useId()
  const current =
    row === null ? '' : row.logical === null ? `#${formatInteger(row.physical)}` : formatInteger(row.logical)

  const submit = async (field: HTMLInputElement): Promise<void> => {
    const text = field.value
    // Focus now: by the time the row arrives the user may be typing again.
    app.grid.current?.focus()
    const answer = await goToRow(app, text)
    if (!answer.arrived) {
      field.focus()
      setDraft(text)
    }
    setResult(answer)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') {
      // The grid gets the focus and must not get the key as well.
      event.preventDefault()
      void submit(event.currentTarget)
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      app.grid.current?.focus()
    }
  }

  return (
    <label className={fieldStyles['field']}>
      Row
      <span className={styles['wrap']}>
        <Tooltip
          label="Go to row: 1234, -1 for the last, #1234 on disk, or row and column: 12, 5"
          shortcut={keysOf('goToRow')}
        >
          <input
            id={ROW_FIELD_ID}
            className={`${styles['input']} ${styles['row']} ${isWrong ? styles['wrong'] : ''}`}
            inputMode="numeric"
            autoComplete="off"
            spellCheck={false}
            aria-label={`Row, 0 to ${formatInteger(Math.max(0, (array.shape[0] ?? 0) - 1))}`}
            aria-invalid={isWrong}
            aria-describedby={messageId}
            value={draft ?? current}
            onChange={({ target }) => {
              setDraft(target.value)
              setResult(null)
            }}
            onFocus={({ target }) => {
              // Keeps the text while the user types, whatever row the grid moves to.
              setDraft(current)
              target.select()
            }}
            onBlur={() => {
              setDraft(null)
              setResult(null)
            }}
            onKeyDown={onKeyDown}
          />
        </Tooltip>
        {result !== null && result.message !== null && (
          <span id={messageId} className={fieldStyles['message']} role="alert">
            {result.message}
          </span>
        )}
      </span>
    </label>
  )
}
