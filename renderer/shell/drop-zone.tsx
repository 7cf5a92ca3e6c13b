import { useEffect, useState } from 'react'
import type { App } from '../model/app.ts'
import { useApp } from '../model/hooks.ts'
import { openPaths } from '../model/opening.ts'
import styles from './drop-zone.module.css'

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

function openDropped(app: App, files: readonly File[]): void {
  const paths = files.map(file => app.bridge.pathForFile(file))
  const known = paths.filter(path => path !== '')
  if (known.length > 0) void openPaths(app, known)
  const unknown = files.find((_file, at) => paths[at] === '')
  if (!unknown) return
  const reason = `Browsers hide the path of “${unknown.name}” from the window. Choose it here to open it.`
  app.dialogs.setState({ open: { kind: 'folders', filter: unknown.name, reason } })
}

export function DropZone() {
  const app = useApp()
  const [dragging, setDragging] = useState(false)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const onDragOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setDragging(true)
    }
    const onDragLeave = (event: DragEvent): void => {
      // A move between elements has a related target; leaving the window has none.
      if (event.relatedTarget === null) setDragging(false)
    }
    const onDrop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setDragging(false)
      openDropped(app, [...(event.dataTransfer?.files ?? [])])
    }
    window.addEventListener('dragover', onDragOver, { signal })
    window.addEventListener('dragleave', onDragLeave, { signal })
    window.addEventListener('drop', onDrop, { signal })
    return () => controller.abort()
  }, [app])
  return dragging && <div className={styles['zone']}>Drop a folder or a package to open it</div>
}
