import { PackageOpen, ShieldCheck, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { PackageFacts, PackedFile, StoreInfo } from '../../../core/explorer/contract/types.ts'
import { runCommand } from '../../model/commands.ts'
import { useKeysOf } from '../../model/use-commands.ts'
import { reportFailure } from '../../model/error-message.ts'
import { useApp, useJobs } from '../../model/hooks.ts'
import { hasSucceeded } from '../../model/job-text.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { toSentence, formatBytes, pluralize, removePath } from '../../ui/format.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { FilesTable } from './files-table.tsx'
import { PackageFactsList, formatUnpackedSize } from './package-facts.tsx'
import styles from './package-view.module.css'
import { SpaceBar } from './space-bar.tsx'
import { spaceShares } from './space.ts'
import { findLastVerification, VerificationLine } from './verification-line.tsx'

const MOST_SHARES = 8
const MOST_NAMED = 3

export function PackageView({ info, facts }: { info: StoreInfo; facts: PackageFacts }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const files = useFiles(info)
  const verification = useJobs(({ list }) => findLastVerification(list, info.path))
  const notOnWindows = (files ?? []).filter(({ windowsProblem }) => windowsProblem !== null).map(({ name }) => name)
  const isVerified = verification !== undefined && hasSucceeded(verification)
  return (
    <div className={styles['view']}>
      <div className={styles['head']}>
        <h1 title={info.path}>{info.name}</h1>
        <span className={styles['sizes']}>
          {formatBytes(facts.packageSize)} for {formatUnpackedSize(facts, isVerified)}
        </span>
        <span className={styles['spacer']} />
        <Tooltip label="Read the whole package and check it against its checksum" shortcut={keysOf('verifyPackage')}>
          <Button onClick={() => runCommand(app, 'verifyPackage')}>
            <ShieldCheck size={14} aria-hidden /> Verify
          </Button>
        </Tooltip>
        <Tooltip label="Unpack the package into a store" shortcut={keysOf('unpack')}>
          <Button primary disabled={facts.fault !== null} onClick={() => runCommand(app, 'unpack')}>
            <PackageOpen size={14} aria-hidden /> Unpack…
          </Button>
        </Tooltip>
      </div>
      {facts.fault !== null && (
        <Banner>
          {toSentence(removePath(facts.fault.message, info.path))} What of it can be listed is listed below.
        </Banner>
      )}
      {notOnWindows.length > 0 && (
        <p className={styles['windows']}>
          <TriangleAlert size={14} aria-hidden /> {pluralize(notOnWindows.length, 'file')} can’t be unpacked on Windows
          because of their names: {notOnWindows.slice(0, MOST_NAMED).join(', ')}
          {notOnWindows.length > MOST_NAMED && ' …'}
        </p>
      )}
      <VerificationLine job={verification} />
      <PackageFactsList info={info} facts={facts} listed={files?.length ?? null} isVerified={isVerified} />
      {files !== null && files.length > 0 && (
        <>
          <SpaceBar shares={spaceShares(files, info.arrays, MOST_SHARES)} total={facts.storedSize} />
          <FilesTable
            path={info.path}
            files={files}
            arrays={info.arrays}
            total={facts.storedSize}
            verified={verification?.result ?? null}
          />
        </>
      )}
      {files?.length === 0 && <p className={styles['none']}>No files can be listed.</p>}
    </div>
  )
}

function useFiles({ id }: StoreInfo): readonly PackedFile[] | null {
  const app = useApp()
  const [files, setFiles] = useState<readonly PackedFile[] | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    app.bridge.request('listPackedFiles', { store: id }, { signal }).then(
      ({ result }) => setFiles(result.files),
      (error: unknown) => reportFailure(app, error),
    )
    return () => controller.abort()
  }, [app, id])
  return files
}
