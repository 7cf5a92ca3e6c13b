import { useSession } from '../model/hooks.ts'
import { activeStore } from '../model/session.ts'
import { toSentence, formatInteger } from '../ui/format.ts'
import { Modal } from '../ui/modal.tsx'
import styles from './warnings.module.css'

/** Most arrays listed with warnings; the list of arrays shows the rest. */
const MOST_ARRAYS = 200

export function Warnings({ onClose }: { onClose: () => void }) {
  const info = useSession(session => activeStore(session)?.info)
  const odd = (info?.arrays ?? []).filter(array => array.damaged !== null || array.warnings.length > 0)
  const listed = odd.slice(0, MOST_ARRAYS)
  const nothing = odd.length === 0 && info?.warnings.length === 0
  return (
    <Modal title={`Warnings about ${info?.name ?? 'the store'}`} onClose={onClose}>
      <div className={styles['body']}>
        {nothing && <p>This store has no warnings.</p>}
        <ul>
          {info?.warnings.map(warning => (
            <li key={warning}>{toSentence(warning)}</li>
          ))}
        </ul>
        {listed.map(({ name, damaged, isBehindLink, warnings }) => (
          <section key={name}>
            <h3>{name === '' ? '(empty name)' : name}</h3>
            <ul>
              {damaged !== null && (
                <li>
                  {isBehindLink ? 'Behind a link' : 'Damaged'}: {toSentence(damaged)}
                </li>
              )}
              {warnings.map(warning => (
                <li key={warning}>{toSentence(warning)}</li>
              ))}
            </ul>
          </section>
        ))}
        {odd.length > MOST_ARRAYS && <p>and {formatInteger(odd.length - MOST_ARRAYS)} more arrays.</p>}
      </div>
    </Modal>
  )
}
