import type { ArrayInfo, StoreInfo } from '../../../../core/explorer/contract/types.ts'
import type { ArrayViewProps } from '../../../model/array-views.ts'
import { FactGrid } from '../../../ui/fact-grid.tsx'
import { toSentence } from '../../../ui/format.ts'
import { arrayFacts } from './array-facts.ts'
import { CodeBlock } from './code-block.tsx'
import { Files } from './files.tsx'
import styles from './info.module.css'

export const InfoView = ({ store: { info }, array }: ArrayViewProps) => (
  <InfoPane key={JSON.stringify([info.path, array.name])} store={info} array={array} />
)

function InfoPane({ store, array }: { store: StoreInfo; array: ArrayInfo }) {
  const oddities = [...(array.damaged === null ? [] : [array.damaged]), ...array.warnings]
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that keys can scroll it
    <div className={styles['pane']} role="region" aria-label="Info" tabIndex={0}>
      <FactGrid facts={arrayFacts(array)} />
      {oddities.length > 0 && (
        <section aria-label="Warnings">
          <h2>{array.damaged === null ? 'Warnings' : 'Why it can’t be read'}</h2>
          <ul className={styles['oddities']}>
            {oddities.map(oddity => (
              <li key={oddity}>{toSentence(oddity)}</li>
            ))}
          </ul>
        </section>
      )}
      <Files store={store} array={array} />
      {array.damaged === null && <CodeBlock store={store} array={array} />}
    </div>
  )
}
