import { app, dialog } from 'electron'
import { confinePages } from './confinement.ts'
import { Shell } from './shell.ts'
import { handedPaths, startPaths } from './start-paths.ts'
import { registerWindowScheme } from './window-scheme.ts'

/** For what nobody caught: says so in one sentence and ends, because the state of the app is not known any more. */
const die = (error: unknown): void => {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`NumPack Explorer has to close: ${message}\n`)
  dialog.showErrorBox('NumPack Explorer has to close', `Something failed that was not expected: ${message}`)
  app.exit(1)
}

process.on('uncaughtException', die)
process.on('unhandledRejection', die)

const paths = startPaths(process.argv, process.cwd(), app.isPackaged)

function run(): void {
  let shell: Shell | undefined
  const open = (more: string[]): void => {
    if (shell === undefined) paths.push(...more)
    else shell.open(more)
  }
  app.on('second-instance', (_event, _argv, _folder, data) => open(handedPaths(data)))
  app.on('open-file', (event, file) => {
    event.preventDefault()
    open([file])
  })
  app.on('activate', () => open([]))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', event => {
    if (shell === undefined) return
    event.preventDefault()
    shell.close().then(status => app.exit(status), die)
  })

  registerWindowScheme()
  confinePages(app)
  app.once('ready', () => {
    shell = new Shell(paths)
  })
}

// A second start ends at once: `quit` would first finish starting it.
if (app.requestSingleInstanceLock({ paths })) run()
else app.exit()
