import { visibleText } from '../../core/format/visible-text.ts'
import type { App } from '../model/app.ts'
import { reportFailure } from '../model/error-message.ts'
import { announce } from '../model/notices.ts'

/** Time until a picture's URL is revoked: some browsers read it only once the user has answered the save dialog. */
const KEEP_MS = 60_000

/** Characters that some system refuses in file names; `visibleText` escapes control characters. */
const UNSAFE = /[\\/:*?"<>|]/g

const MAX_CHARACTERS = 120

function fileName(name: string, suffix: string): string {
  const safe = Array.from(visibleText(name).replaceAll(UNSAFE, '_')).slice(0, MAX_CHARACTERS).join('').trim()
  return `${safe || 'picture'}.${suffix}`
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS)
}

export async function savePicture(app: App, kind: 'png' | 'svg'): Promise<void> {
  const target = app.exportTarget.current
  if (!target) return
  try {
    download(await (kind === 'png' ? target.toPng() : target.toSvg()), fileName(target.name, kind))
  } catch (error) {
    reportFailure(app, error)
  }
}

export async function copyPicture(app: App): Promise<void> {
  const target = app.exportTarget.current
  if (!target) return
  try {
    // Pass the promise: the clipboard may be accessed only directly after a key or click.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': target.toPng() })])
    announce(app, 'info', 'Copied the picture', { topic: 'copy' })
  } catch (error) {
    reportFailure(app, error)
  }
}
