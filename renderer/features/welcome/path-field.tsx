import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import styles from './folder-browser.module.css'

export function PathField({ path, onGo }: { path: string; onGo: (path: string) => void }) {
  const [draft, setDraft] = useState(path)
  const typed = draft.trim()
  const go = (): void => {
    if (typed !== '') onGo(typed)
  }
  return (
    <>
      <input
        type="text"
        className={styles['path']}
        aria-label="Path"
        autoComplete="off"
        spellCheck={false}
        value={draft}
        onChange={({ target }) => setDraft(target.value)}
        onKeyDown={event => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          go()
        }}
      />
      {typed !== path && typed !== '' && <Button onClick={go}>Go</Button>}
    </>
  )
}
