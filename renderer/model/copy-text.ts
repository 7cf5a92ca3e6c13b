import { writeClipboard } from '../ui/clipboard.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'
import { announce } from './notices.ts'

export async function copyText(app: App, text: string, message = `Copied ${text}`): Promise<void> {
  try {
    await writeClipboard(text)
    announce(app, 'info', message, { topic: 'copy' })
  } catch (error) {
    reportFailure(app, error)
  }
}
