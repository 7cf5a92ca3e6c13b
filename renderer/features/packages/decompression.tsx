import { ProgressBar } from '../../ui/progress-bar.tsx'
import { useSession } from '../../model/hooks.ts'
import { decompressionKey } from '../../model/session.ts'
import { formatBytes } from '../../ui/format.ts'
import styles from './decompression.module.css'

export function Decompression({ store, array }: { store: number; array: string }) {
  const progress = useSession(({ decompressing }) => decompressing.get(decompressionKey(store, array)))
  if (!progress) return null
  const { bytesDone, bytesTotal } = progress
  return (
    <div className={styles['decompression']} role="status">
      <span>
        Decompressing: {formatBytes(bytesDone)} of {formatBytes(bytesTotal)}. Rows further down are coming.
      </span>
      <ProgressBar label={`Decompressing ${array}`} done={bytesDone} total={bytesTotal} />
    </div>
  )
}
