import type { ArrayInfo, StoreInfo } from '../../../../core/explorer/contract/types.ts'
import type { ArrayViewProps } from '../../../model/array-views.ts'
import { CommandButton } from '../../../components/command-button.tsx'
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
      {store.followsLinks && (
        <section aria-label="Links">
          <h2>Links are followed</h2>
          <p className={styles['oddities']}>Files of this store may be symbolic links. They are only read.</p>
          <CommandButton id="ignoreLinks" />
        </section>
      )}
      <Files store={store} array={array} />
      {array.damaged === null && <CodeBlock store={store} array={array} />}
    </div>
  )
}
