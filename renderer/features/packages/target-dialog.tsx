import { useId, useState } from 'react'
import { useApp, useSession } from '../../model/hooks.ts'
import { reportFailure } from '../../model/error-message.ts'
import { Button } from '../../ui/button.tsx'
import { baseName } from '../../ui/format.ts'
import { Modal } from '../../ui/modal.tsx'
import { startWithTarget } from './package-jobs.ts'
import styles from './target-dialog.module.css'
import { checkTarget, useTarget } from './use-target.ts'

interface TargetDialogProps {
  job: 'backup' | 'unpack'
  source: string
  target: string
  /** The usual destination if it already exists, else null. */
  taken: string | null
  onClose: () => void
}

const WORDS = {
  backup: { title: 'Back up', field: 'Write the package to', start: 'Back up', replaced: 'the existing file' },
  unpack: { title: 'Unpack', field: 'Write the store to', start: 'Unpack', replaced: 'the existing store' },
} as const

export function TargetDialog({ job, source, target: proposed, taken, onClose }: TargetDialogProps) {
  const app = useApp()
  const id = useId()
  const canPick = useSession(({ environment }) => environment?.canPickFolder === true)
  const [text, setText] = useState(proposed)
  const [replace, setReplace] = useState(false)
  const checked = useTarget(app, job, source, text)
  const words = WORDS[job]
  const isRefused = (found: NonNullable<typeof checked>): boolean => found.problem !== null || (found.taken && !replace)

  const pick = async (): Promise<void> => {
    try {
      const { result } = await app.bridge.request('pickTarget', { kind: job, suggested: text })
      if (result.path === null) return
      setText(result.path)
      // The system's dialog has already asked about replacing.
      setReplace(true)
    } catch (error) {
      reportFailure(app, error)
    }
  }
  const start = async (): Promise<void> => {
    // Enter may come before the host has checked the path.
    const found = checked ?? (await checkTarget(app, job, source, text))
    if (isRefused(found)) return
    onClose()
    await startWithTarget(app, job, { source, target: found.target, overwrite: found.taken })
  }
  return (
    <Modal title={`${words.title} ${baseName(source)}`} onClose={onClose}>
      <form
        className={styles['body']}
        onSubmit={event => {
          event.preventDefault()
          void start()
        }}
      >
        {taken !== null && (
          <p className={styles['text']}>
            <b>{baseName(taken)}</b> is there already. It stays as it is; another name is proposed.
          </p>
        )}
        <label htmlFor={id}>{words.field}</label>
        <div className={styles['line']}>
          <input
            id={id}
            data-first-focus
            type="text"
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-note`}
            value={text}
            onChange={({ target }) => {
              setText(target.value)
              setReplace(false)
            }}
          />
          {canPick && <Button onClick={() => void pick()}>Choose…</Button>}
        </div>
        <div id={`${id}-note`} className={styles['note']} aria-live="polite">
          {checked?.problem}
          {checked?.problem === null && checked.taken && (
            <label>
              <input type="checkbox" checked={replace} onChange={({ target }) => setReplace(target.checked)} />
              Replace {words.replaced}
            </label>
          )}
        </div>
        <div className={styles['foot']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button primary type="submit" disabled={text.trim() === '' || (checked !== null && isRefused(checked))}>
            {words.start}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
