import { type BrowserWindow, dialog } from 'electron'

/** Chromium's net::ERR_ABORTED: another load replaced this one. */
const LOAD_ABORTED = -3

const UNHARMED = 'Your stores are not affected: the window only reads them.'
const COMES_BACK = 'Reloading brings it back as it was.'

/** Why a renderer process ended, as people say it. */
const REASONS: Readonly<Record<string, string>> = {
  'abnormal-exit': 'its process ended with an error',
  killed: 'the system or another program ended its process',
  crashed: 'its process crashed',
  oom: 'it ran out of memory',
  'memory-eviction': 'the system needed its memory',
  'launch-failed': 'its process could not be started',
  'integrity-failure': 'a file of the program was changed; install it again',
}

export function watchForFailures(window: BrowserWindow, quit: () => void): void {
  const { webContents: contents } = window
  let replacing = false

  const ask = async (message: string, detail: string): Promise<void> => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message,
      detail,
      buttons: ['Reload', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    })
    if (response === 1) quit()
    else if (!window.isDestroyed()) contents.reload()
  }

  contents.on('render-process-gone', (_event, { reason }) => {
    const expected = replacing || reason === 'clean-exit'
    replacing = false
    if (expected || window.isDestroyed()) return
    const why = REASONS[reason] ?? reason
    void ask(`The window stopped working: ${why}.`, `${UNHARMED} ${COMES_BACK}`)
  })

  contents.on('preload-error', (_event, _preload, error) => {
    void ask('The window could not start.', `Reinstalling the program may help.\nReason: ${error.message}`)
  })

  contents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (isMainFrame && code !== LOAD_ABORTED && !window.isDestroyed())
      void ask('The window could not be loaded.', `Reinstalling the program may help.\nReason: ${description} (${url})`)
  })

  let question: AbortController | undefined
  const askToWait = async (): Promise<void> => {
    if (question !== undefined) return
    question = new AbortController()
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window does not respond.',
      detail: UNHARMED,
      buttons: ['Wait', 'Reload'],
      defaultId: 0,
      cancelId: 0,
      signal: question.signal,
    })
    question = undefined
    if (response !== 1 || window.isDestroyed()) return
    // A hanging page can't be reloaded; its process must end first.
    replacing = true
    contents.forcefullyCrashRenderer()
    contents.reload()
  }
  contents.on('unresponsive', () => void askToWait())
  contents.on('responsive', () => question?.abort())
}
