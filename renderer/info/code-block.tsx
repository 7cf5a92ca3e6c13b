import { Copy } from 'lucide-react'
import { useState } from 'react'
import type { ArrayInfo, StoreInfo } from '../../core/explorer/contract/types.ts'
import { reportFailure } from '../state/failures.ts'
import { useApp } from '../state/hooks.ts'
import { announce } from '../state/notices.ts'
import { IconButton } from '../ui/button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { codeFor, type Language } from './code.ts'
import styles from './info.module.css'

const LANGUAGES = [
  { value: 'Python', label: 'Python', hint: 'With NumPack for Python' },
  { value: 'TypeScript', label: 'TypeScript', hint: 'With the library of this program' },
] as const

/** How a program reads the array. */
export function CodeBlock({ store, array }: { store: StoreInfo; array: ArrayInfo }) {
  const app = useApp()
  const [language, setLanguage] = useState<Language>('Python')
  const code = codeFor(language, store, array)
  const copy = (): void => {
    navigator.clipboard.writeText(code).then(
      () => announce(app, 'info', `Copied the ${language} code`, { topic: 'copy' }),
      (error: unknown) => reportFailure(app, error),
    )
  }
  return (
    <section aria-label="Code">
      <div className={styles['heading']}>
        <h2>Read it from</h2>
        <Segmented label="Language" segments={LANGUAGES} value={language} onChange={setLanguage} />
      </div>
      <div className={styles['code']}>
        <pre>
          <code>{code}</code>
        </pre>
        <IconButton label="Copy the code" small onClick={copy}>
          <Copy size={14} />
        </IconButton>
      </div>
    </section>
  )
}
