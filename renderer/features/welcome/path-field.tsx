import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import styles from './folder-browser.module.css'

/** Shows the path of the listed folder ('' until one is listed). Keeps what was typed before the first one is. */
export function PathField({ path, onGo }: { path: string; onGo: (path: string) => void }) {
  const [draft, setDraft] = useState(path)
  const [listed, setListed] = useState(path)
  if (path !== listed) {
    setListed(path)
    if (listed !== '' || draft === '') setDraft(path)
  }
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
