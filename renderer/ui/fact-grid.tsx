import styles from './fact-grid.module.css'

export interface GridFact {
  name: string
  value: string
  /** Takes a line of its own. */
  wide?: boolean
}

/** Names and their values, in as many columns as there is room for. */
export const FactGrid = ({ facts }: { facts: readonly GridFact[] }) => (
  <dl className={styles['grid']}>
    {facts.map(({ name, value, wide = false }) => (
      <div key={name} className={wide ? styles['wide'] : ''}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
