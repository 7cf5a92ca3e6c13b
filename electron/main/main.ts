import { app, dialog } from 'electron'
import { messageOf, NumPackError, UNEXPECTED_ERROR } from '../../core/format/errors.ts'
import { visibleText } from '../../core/format/visible-text.ts'
import { makeTrustedFolder } from '../../core/system/private-folder.ts'
import { confinePages } from './web-security.ts'
import { MAIN_FOLDER } from './app-paths.ts'
import { nativeProblems } from './native-files.ts'
import { sandboxProblem } from './sandbox.ts'
import { Shell } from './shell.ts'
import { runFolderMenuSwitch } from './folder-menu.ts'
import { installedProgram } from './installed-program.ts'
import { boundedPaths, handedPaths, startPaths } from './command-line.ts'
import { registerWindowScheme } from './window-scheme.ts'

const refuse = (title: string, message: string): void => {
  process.stderr.write(`${title}: ${visibleText(message)}\n`)
  dialog.showErrorBox(title, visibleText(message))
  app.exit(1)
}

const die = (error: unknown): void => {
  const message = messageOf(error)
  refuse('NumPack Explorer has to close', `${UNEXPECTED_ERROR}: ${message}`)
}

// Its reader may have ended, or its disk may be full.
process.stderr.on('error', () => {})
process.on('uncaughtException', die)
process.on('unhandledRejection', die)

const paths = startPaths(process.argv, process.cwd(), app.isPackaged)

/** Read before anything can remove the switch. */
const isSandboxOff = app.commandLine.hasSwitch('no-sandbox')

const packedProblem = (): string | null =>
  sandboxProblem(isSandboxOff, process.getuid?.()) ?? nativeProblems(MAIN_FOLDER)[0] ?? null

function run(): void {
  let shell: Shell | undefined
  const open = (more: string[]): void => {
    if (shell === undefined) paths.push(...more)
    else shell.open(more)
  }
  app.on('second-instance', (_event, _argv, _folder, data) => open(handedPaths(data)))
  app.on('open-file', (event, file) => {
    event.preventDefault()
    open(boundedPaths([file]))
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

  // It would remove the switch only for child processes, which then refuse to run as root.
  if (!isSandboxOff) app.enableSandbox()
  // As in electron-builder.yml: the jump list and notifications of Windows belong to the installed shortcut by it.
  if (process.platform === 'win32') app.setAppUserModelId('io.github.numpack.explorer')
  registerWindowScheme()
  confinePages(app)
  app.once('ready', () => {
    const problem = app.isPackaged ? packedProblem() : null
    if (problem === null) shell = new Shell(paths)
    else refuse('NumPack Explorer can’t start', problem)
  })
}

/** Makes the folder of user data private. Replaces one that others could write to. Failing does not stop the app. */
function closeToOthers(folder: string): void {
  try {
    makeTrustedFolder(folder)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    process.stderr.write(`${visibleText(error.message)}\n`)
  }
}

function start(): void {
  // Before the lock, which lies in this folder.
  closeToOthers(app.getPath('userData'))
  // A second instance exits at once: `quit` would first finish its start.
  if (app.requestSingleInstanceLock({ paths })) run()
  else app.exit()
}

const isWindows = process.platform === 'win32'
const folderMenuStatus = isWindows ? runFolderMenuSwitch(process.argv, installedProgram()) : null
if (folderMenuStatus === null) start()
else app.exit(folderMenuStatus)
