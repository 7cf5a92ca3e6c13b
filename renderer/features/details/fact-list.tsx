import styles from './selection-panel.module.css'

export type Fact = readonly [name: string, value: string]

export const FactList = ({ facts }: { facts: readonly Fact[] }) => (
  <dl className={styles['list']}>
    {facts.map(([name, value]) => (
      <div key={name} className={styles['fact']}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
