import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { app, type BrowserWindow, Menu, nativeTheme, session, shell } from 'electron'
import type { ExplorerEvent, Result } from '../../core/explorer/contract/types.ts'
import { startThreadFromCode } from '../../core/system/thread.ts'
import { cacheFolder, dataFolder } from '../../core/system/user-folders.ts'
import { engineResources } from '../../core/explorer/host/engine-thread.ts'
import { ExplorerHost } from '../../core/explorer/host/host.ts'
import type { Connection } from '../../core/explorer/host/host-options.ts'
import type { HostEvent } from '../../core/explorer/host/host-events.ts'
import { visibleText } from '../../core/format/visible-text.ts'
import { refusePermissions } from './web-security.ts'
import { createExplorerWindow, loadExplorer, placementOf } from './explorer-window.ts'
import { confirmCancelJobs, pickFolders, pickPackages, pickTarget } from './dialogs.ts'
import { ENGINE_WORKER, ICON, MAIN_FOLDER, PRELOAD, SAMPLE_STORE, WINDOW_FOLDER } from './app-paths.ts'
import { showJumpList } from './jump-list.ts'
import { KnownPaths } from './known-paths.ts'
import { menuTemplate } from './menu.ts'
import { readShellState, type ShellState, writeShellState } from './shell-state.ts'
import { watchForFailures } from './window-failures.ts'
import { WindowRequests } from './window-requests.ts'
import { serveWindow } from './window-scheme.ts'

/** Exit status when stores were asked for on the command line and nothing could be opened. */
const NOTHING_OPENED = 2

/** When the app ends, the engine may take this long to finish the requests it has. */
const LAST_REQUESTS_MS = 1000

const NOTICES = 'Third-party notices: Help, Third-Party Notices.'

export class Shell {
  readonly #stateFile = path.join(app.getPath('userData'), 'window.json')
  readonly #host: ExplorerHost
  readonly #requests: WindowRequests
  readonly #connection: Connection
  #requestCount = 0
  #state: ShellState
  #window: BrowserWindow | null = null
  /** Paths of the command line that are neither opened nor reported yet. */
  readonly #unreported: Set<string>
  readonly #pathsToOpen: string[]
  /** Stores of a page that is gone, for the page that replaces it. */
  readonly #pathsOfGone: string[] = []
  readonly #knownPaths = new KnownPaths(() => this.#host.openPaths())
  /** Whether the page has taken the paths to open; later ones reach it as events. */
  #hasPageStarted = false
  #isQuitting = false
  #hasOpened = false
  #hasFailed = false

  constructor(paths: readonly string[]) {
    this.#unreported = new Set(paths)
    this.#pathsToOpen = [...paths]
    this.#state = readShellState(this.#stateFile)
    nativeTheme.themeSource = this.#state.theme
    app.setAboutPanelOptions({
      applicationName: app.name,
      applicationVersion: app.getVersion(),
      iconPath: ICON,
      credits: NOTICES,
    })
    refusePermissions(session.defaultSession)
    serveWindow(WINDOW_FOLDER)

    const engine = readFileSync(ENGINE_WORKER, 'utf8')
    this.#host = new ExplorerHost({
      createWorker: start =>
        startThreadFromCode(engine, MAIN_FOLDER, {
          workerData: start,
          name: 'engine',
          resourceLimits: engineResources(),
        }),
      dataFolder: dataFolder(),
      cacheFolder: cacheFolder(),
      onEvent: event => this.#onHostEvent(event),
      environment: () => ({
        host: 'electron',
        platform: process.platform,
        version: app.getVersion(),
        homeFolder: app.getPath('home'),
        sampleStore: SAMPLE_STORE,
        canPickFolder: true,
        canShowInFolder: true,
      }),
      takeStartPaths: () => {
        this.#hasPageStarted = true
        return [...this.#pathsOfGone.splice(0), ...this.#pathsToOpen.splice(0)]
      },
      pickFolder: () => pickFolders(this.#window),
      pickPackages: () => pickPackages(this.#window),
      pickTarget: (_connection, params) => pickTarget(this.#window, params),
      showInFolder: target => {
        this.#knownPaths.check(target)
        shell.showItemInFolder(target)
      },
    })
    this.#connection = this.#host.connect(event => this.#knownPaths.onEvent(event))
    this.#requests = new WindowRequests(this.#host)
    app.on('before-quit', () => {
      this.#isQuitting = true
    })
    this.#updateMenu([])
    void this.#listRecents()
    this.#createWindow()
  }

  /** Opens stores and packages in the window, which it creates or brings to the front. */
  open(paths: readonly string[]): void {
    if (paths.length > 0) {
      if (this.#hasPageStarted) this.#send({ type: 'openPaths', paths: [...paths] })
      else this.#pathsToOpen.push(...paths)
    }
    if (this.#window === null) this.#createWindow()
    else {
      if (this.#window.isMinimized()) this.#window.restore()
      this.#window.focus()
    }
  }

  /** Ends the host. Returns the exit status of the app. */
  async close(): Promise<number> {
    // The engine answers in order: after this, the location that a closing window saved last is on disk.
    const finished = this.#connection.request({ id: this.#requestCount++, method: 'getPreferences', params: {} })
    await Promise.race([finished, wait(LAST_REQUESTS_MS)])
    if (!(await this.#host.close())) process.kill(process.pid, 'SIGKILL')
    return this.#hasFailed && !this.#hasOpened ? NOTHING_OPENED : 0
  }

  #createWindow(): void {
    const window = createExplorerWindow({
      preload: PRELOAD,
      icon: ICON,
      placement: this.#state.placement,
      developer: !app.isPackaged,
    })
    this.#window = window
    this.#hasPageStarted = false
    window.on('close', event => {
      this.#saveState({ placement: placementOf(window) })
      this.#askBeforeClosing(event, window)
    })
    this.#pathsOfGone.length = 0
    window.once('closed', () => {
      this.#window = null
    })
    this.#requests.attach(window.webContents, openPaths => {
      this.#hasPageStarted = false
      this.#pathsOfGone.push(...openPaths)
    })
    watchForFailures(window, () => app.quit())
    loadExplorer(window)
  }

  /** Jobs end with the app, so it asks first while some are running. */
  #askBeforeClosing(event: Electron.Event, window: BrowserWindow): void {
    const { runningJobs } = this.#host
    const endsApp = this.#isQuitting || process.platform !== 'darwin'
    if (!endsApp || runningJobs === 0) return
    if (confirmCancelJobs(window, runningJobs)) return
    this.#isQuitting = false
    event.preventDefault()
  }

  #saveState(change: Partial<ShellState>): void {
    this.#state = { ...this.#state, ...change }
    writeShellState(this.#stateFile, this.#state)
  }

  #send(event: ExplorerEvent): void {
    if (this.#window !== null) this.#requests.send(this.#window.webContents, event)
  }

  #onHostEvent(event: HostEvent): void {
    switch (event.type) {
      case 'storeOpened':
        this.#unreported.delete(event.requested)
        this.#hasOpened = true
        break
      case 'openingFailed':
        if (!this.#unreported.delete(event.requested)) break
        this.#hasFailed = true
        process.stderr.write(`${visibleText(event.error.message)}\n`)
        break
      case 'recentsChanged':
        void this.#listRecents()
        break
      case 'settingsChanged':
        this.#useTheme(event.settings.theme)
        break
      default:
        event satisfies never
    }
  }

  #useTheme(theme: ShellState['theme']): void {
    if (theme === this.#state.theme) return
    nativeTheme.themeSource = theme
    this.#saveState({ theme })
  }

  async #openPicked(picked: Promise<string[]>): Promise<void> {
    const paths = await picked
    if (paths.length > 0) this.open(paths)
  }

  async #listRecents(): Promise<void> {
    const reply = await this.#connection.request({ id: this.#requestCount++, method: 'listRecents', params: {} })
    if (!reply.ok) return
    const { recents } = reply.result as Result<'listRecents'>
    const present = recents.filter(recent => !recent.missing)
    this.#updateMenu(present)
    showJumpList(present)
  }

  #updateMenu(recents: readonly { name: string; path: string }[]): void {
    const template = menuTemplate({
      platform: process.platform,
      recents,
      developer: !app.isPackaged,
      openFolder: () => void this.#openPicked(pickFolders(this.#window)),
      openPackage: () => void this.#openPicked(pickPackages(this.#window)),
      openPath: store => this.open([store]),
      command: command => this.#send({ type: 'command', command }),
      about: () => app.showAboutPanel(),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
}
