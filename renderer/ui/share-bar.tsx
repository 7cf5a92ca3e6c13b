import styles from './share-bar.module.css'

export const ShareBar = ({ label, share }: { label: string; share: number }) => (
  <div
    className={styles['bar']}
    role="progressbar"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={Math.floor(100 * share)}
  >
    <div style={{ width: `${100 * share}%` }} />
  </div>
)
