import { Tooltip as RadixTooltip } from 'radix-ui'
import { useSession } from '../model/hooks.ts'
import { activeStore } from '../model/session.ts'
import { Banner } from '../ui/banner.tsx'
import { Welcome } from '../features/welcome/welcome.tsx'
import { DialogHost } from './dialog-host.tsx'
import { DropZone } from './drop-zone.tsx'
import { Header } from './header.tsx'
import { NoticeList } from './notice-list.tsx'
import { StatusLine } from './status-line.tsx'
import { useCommandKeys } from './use-command-keys.ts'
import { useAppearance } from './use-appearance.ts'
import { useEarlyLoading } from './use-early-loading.ts'
import styles from './window.module.css'
import { Workbench } from './workbench.tsx'

const TOOLTIP_AFTER_MS = 500

export function Window() {
  useCommandKeys()
  useAppearance()
  useEarlyLoading()
  const hasStore = useSession(session => activeStore(session) !== undefined)
  const isReady = useSession(({ environment, opening, stores }) => {
    return environment !== null && (opening.length === 0 || stores.length > 0)
  })
  const connection = useSession(session => session.connection)
  return (
    <RadixTooltip.Provider delayDuration={TOOLTIP_AFTER_MS}>
      <div className={styles['window']}>
        <Header />
        {connection === 'lost' && (
          <Banner>
            The connection to NumPack Explorer is lost. Reconnecting… If the program has ended, start it again and open
            the address that it prints.
          </Banner>
        )}
        <div className={styles['body']}>{hasStore ? <Workbench /> : isReady && <Welcome />}</div>
        <NoticeList />
        <StatusLine />
      </div>
      <DialogHost />
      <DropZone />
    </RadixTooltip.Provider>
  )
}
