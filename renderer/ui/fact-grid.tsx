import styles from './fact-grid.module.css'

export interface GridFact {
  name: string
  value: string
  wide?: boolean
}

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
