import help from '../../docs/help.md'
import { Modal } from '../ui/modal.tsx'
import styles from './help.module.css'

export const Help = ({ onClose }: { onClose: () => void }) => (
  <Modal title="Help" wide onClose={onClose}>
    {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys scroll what has the focus */}
    <div className={styles['body']} tabIndex={0} data-first-focus dangerouslySetInnerHTML={{ __html: help }} />
  </Modal>
)
