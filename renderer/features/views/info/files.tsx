import { useEffect, useState } from 'react'
import type { ArrayFile, ArrayInfo, Params, StoreInfo } from '../../../../core/explorer/contract/types.ts'
import { bitmapFileOf } from '../../../../core/format/names.ts'
import { reportFailure } from '../../../model/error-message.ts'
import { useApp } from '../../../model/hooks.ts'
import { formatBytes } from '../../../ui/format.ts'
import styles from './info.module.css'

function contentOf({ name }: ArrayFile, array: ArrayInfo): string {
  if (name === bitmapFileOf(array.name)) return 'Bitmap of deleted rows'
  if (name !== array.dataFile) return 'Segment'
  return array.segments > 0 ? 'Segment list' : 'Elements'
}

export function Files({ store, array }: { store: StoreInfo; array: ArrayInfo }) {
  const files = useArrayFiles(store, array)
  if (files === null || files.length === 0) return null
  return (
    <section aria-label="Files">
      <h2>{store.package === null ? 'Files' : 'Files in the package'}</h2>
      <table className={styles['files']}>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Content</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {files.map(file => (
            <tr key={file.name}>
              <td>{file.name}</td>
              <td>{contentOf(file, array)}</td>
              <td>{file.sizeBytes === null ? 'missing' : formatBytes(file.sizeBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function useArrayFiles({ id }: StoreInfo, { name, generation }: ArrayInfo): readonly ArrayFile[] | null {
  const app = useApp()
  const [files, setFiles] = useState<readonly ArrayFile[] | null>(null)
  const key = JSON.stringify([{ store: id, array: name }, generation])
  useEffect(() => {
    const [asked] = JSON.parse(key) as [Params<'listArrayFiles'>, number]
    const controller = new AbortController()
    const { signal } = controller
    app.bridge.request('listArrayFiles', asked, { signal }).then(
      ({ result }) => setFiles(result.files),
      (error: unknown) => signal.aborted || reportFailure(app, error),
    )
    return () => controller.abort()
  }, [app, key])
  return files
}
