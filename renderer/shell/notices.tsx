import { useEffect, useState } from 'react'
import { Modal } from '../ui/modal.tsx'
import styles from './notices.module.css'

/** An entry of third-party-notices.json, which the build writes (electron/build/notices.ts). */
interface ThirdPartyNotice {
  packages: string[]
  license: string
  texts: string[]
}

async function readNotices(): Promise<ThirdPartyNotice[]> {
  const reply = await fetch('./third-party-notices.json')
  if (!reply.ok) throw new Error(`third-party-notices.json: ${reply.status}`)
  return (await reply.json()) as ThirdPartyNotice[]
}

export function ThirdPartyNotices({ onClose }: { onClose: () => void }) {
  const [notices, setNotices] = useState<ThirdPartyNotice[] | null>([])
  useEffect(() => {
    readNotices().then(setNotices, () => setNotices(null))
  }, [])
  return (
    <Modal title="Third-party notices" wide onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys scroll what has the focus */}
      <div className={styles['body']} tabIndex={0} data-first-focus>
        {notices === null && <p>The third-party notices are missing. Reinstall NumPack Explorer.</p>}
        {notices?.map(({ packages, license, texts }) => (
          <section key={packages[0]} className={styles['notice']}>
            <h3>{packages.join(', ')}</h3>
            <p>{license}</p>
            <pre data-exact>{texts.join('\n\n')}</pre>
          </section>
        ))}
      </div>
    </Modal>
  )
}
