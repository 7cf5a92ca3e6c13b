import type { ArrayInfo, StoreInfo } from '../../../../core/explorer/contract/types.ts'
import { copyText } from '../../../model/copy-text.ts'
import { useApp, usePreferences } from '../../../model/hooks.ts'
import { setPreference } from '../../../model/preferences.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { SegmentedControl } from '../../../ui/segmented-control.tsx'
import { codeFor } from './generated-code.ts'
import styles from './info.module.css'

const LANGUAGES = [
  { value: 'Python', label: 'Python', tooltip: 'With NumPack for Python' },
  { value: 'TypeScript', label: 'TypeScript', tooltip: 'With the numpack-explorer library' },
] as const

export function CodeBlock({ store, array }: { store: StoreInfo; array: ArrayInfo }) {
  const app = useApp()
  const language = usePreferences(({ codeLanguage }) => codeLanguage)
  const code = codeFor(language, store, array)
  return (
    <section aria-label="Code">
      <div className={styles['heading']}>
        <h2>Read it from</h2>
        <SegmentedControl
          label="Language"
          options={LANGUAGES}
          value={language}
          onChange={value => setPreference(app, 'codeLanguage', value)}
        />
      </div>
      <Copyable label="Copy the code" onCopy={() => void copyText(app, code, `Copied the ${language} code`)}>
        <pre className={styles['code']}>
          <code data-exact>{code}</code>
        </pre>
      </Copyable>
    </section>
  )
}
