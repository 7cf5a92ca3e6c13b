import { runCommand } from '../model/commands.ts'
import { programVersions } from '../model/diagnostics.ts'
import { useApp, useSession } from '../model/hooks.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import styles from './about.module.css'

export function About({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const environment = useSession(session => session.environment)
  const showNotices = (): void => {
    onClose()
    runCommand(app, 'thirdPartyNotices')
  }
  return (
    <Modal title="About NumPack Explorer" onClose={onClose}>
      <div className={styles['body']}>
        <p>A data explorer for NumPack stores and packages. It never changes what it shows.</p>
        <dl className={styles['versions']}>
          {programVersions({ environment }).map(({ name, version }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{version}</dd>
            </div>
          ))}
        </dl>
        <p className={styles['licence']}>MIT licence. It contains the work of others under licences of their own.</p>
        <div className={styles['buttons']}>
          <Button onClick={showNotices}>Third-party notices</Button>
          <Button primary data-first-focus onClick={() => runCommand(app, 'copyDiagnostics')}>
            Copy diagnostics
          </Button>
        </div>
      </div>
    </Modal>
  )
}
