import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { app, BrowserWindow, Menu, nativeTheme, Notification, session, shell } from 'electron'
import type { MenuCommand } from '../../core/explorer/contract/commands.ts'
import { isNetworkPath } from '../../core/explorer/contract/network-path.ts'
import type { ExplorerEvent, Params, Result } from '../../core/explorer/contract/types.ts'
import { startThreadFromCode } from '../../core/system/thread.ts'
import { cacheFolder, dataFolder } from '../../core/system/user-folders.ts'
import { engineResources } from '../../core/explorer/host/engine-thread.ts'
import { ExplorerHost } from '../../core/explorer/host/host.ts'
import type { Connection } from '../../core/explorer/host/host-options.ts'
import type { HostEvent } from '../../core/explorer/host/host-events.ts'
import { visibleText } from '../../core/format/visible-text.ts'
import { refusePermissions } from './web-security.ts'
import { loadExplorer } from './explorer-window.ts'
import { type ExplorerWindow, ExplorerWindows } from './explorer-windows.ts'
import { confirmCancelJobs, pickFolders, pickPackages, pickTarget } from './dialogs.ts'
import { ENGINE_WORKER, ICON, MAIN_FOLDER, PRELOAD, SAMPLE_STORE, WINDOW_FOLDER } from './app-paths.ts'
import { endNotice, isJob, JobProgress } from './job-progress.ts'
import { showJumpList } from './jump-list.ts'
import { KnownPaths } from './known-paths.ts'
import { menuTemplate } from './menu.ts'
import { readShellState, type ShellState, writeShellState } from './shell-state.ts'
import { watchForFailures } from './window-failures.ts'
import { WindowRequests } from './window-requests.ts'
import { serveWindow } from './window-scheme.ts'
import { nextZoom } from './zoom.ts'

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.focus()
}

/** Exit status when stores were asked for on the command line and nothing could be opened. */
const NOTHING_OPENED = 2

/** When the app ends, the engine may take this long to finish the requests it has. */
const LAST_REQUESTS_MS = 1000

export class Shell {
  readonly #stateFile = path.join(app.getPath('userData'), 'window.json')
  readonly #host: ExplorerHost
  readonly #requests: WindowRequests
  readonly #connection: Connection
  #requestCount = 0
  #state: ShellState
  readonly #windows: ExplorerWindows
  /** Paths of the command line that are neither opened nor reported yet. */
  readonly #unreported: Set<string>
  readonly #jobProgress = new JobProgress()
  #notification: Notification | undefined
  readonly #knownPaths = new KnownPaths(() => this.#host.openPaths())
  #isQuitting = false
  #hasOpened = false
  #hasFailed = false

  constructor(paths: readonly string[]) {
    this.#unreported = new Set(paths)
    this.#state = readShellState(this.#stateFile)
    nativeTheme.themeSource = this.#state.theme
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
      windowOf: connection => {
        const { number = 1, restores = false } = this.#windowOf(connection) ?? {}
        return { window: number, restores }
      },
      takeStartPaths: connection => this.#takeStartPaths(this.#windowOf(connection)),
      openWindow: given => this.#openWindow(this.#windows.create(given)),
      zoomWindow: direction => this.#zoom(direction),
      pickFolder: connection => pickFolders(this.#windowOf(connection)?.window),
      pickPackages: connection => pickPackages(this.#windowOf(connection)?.window),
      pickTarget: (connection, params) => pickTarget(this.#windowOf(connection)?.window, params),
      showInFolder: target => {
        this.#knownPaths.check(target)
        shell.showItemInFolder(target)
      },
    })
    this.#connection = this.#host.connect(event => this.#onEvent(event))
    this.#requests = new WindowRequests(this.#host)
    const developer = !app.isPackaged
    this.#windows = new ExplorerWindows({ preload: PRELOAD, icon: ICON, developer }, windows =>
      this.#saveState({ windows }),
    )
    app.on('before-quit', event => {
      if (!this.#isQuitting && !this.#mayEnd(this.#windows.current?.window)) event.preventDefault()
    })
    this.#updateMenu([])
    void this.#listRecents()
    // The one that had the focus last comes last, and gets it again.
    for (const saved of this.#state.windows.toReversed()) this.#openWindow(this.#windows.restore(saved))
    if (this.#windows.current === undefined) this.#openWindow(this.#windows.create(paths))
    else this.#windows.current.paths.push(...paths)
  }

  /** Opens stores and packages in the window that had the focus last, which it creates or brings to the front. */
  open(paths: readonly string[]): void {
    const { current } = this.#windows
    if (current === undefined) {
      this.#openWindow(this.#windows.create(paths))
      return
    }
    if (paths.length > 0) {
      if (current.hasPageStarted) this.#send(current, { type: 'openPaths', paths: [...paths] })
      else current.paths.push(...paths)
    }
    bringToFront(current.window)
  }

  /** Ends the host. Returns the exit status of the app. */
  async close(): Promise<number> {
    // The engine answers in order: after this, the location that a closing window saved last is on disk.
    const finished = this.#connection.request({ id: this.#requestCount++, method: 'getPreferences', params: {} })
    await Promise.race([finished, wait(LAST_REQUESTS_MS)])
    if (!(await this.#host.close())) process.kill(process.pid, 'SIGKILL')
    return this.#hasFailed && !this.#hasOpened ? NOTHING_OPENED : 0
  }

  #windowOf(connection: Connection): ExplorerWindow | undefined {
    return this.#windows.withContents(this.#requests.contentsOf(connection))
  }

  #takeStartPaths(opened: ExplorerWindow | undefined): string[] {
    if (opened === undefined) return []
    opened.hasPageStarted = true
    for (const command of opened.commands.splice(0)) this.#send(opened, { type: 'command', command })
    return opened.paths.splice(0)
  }

  #openWindow(opened: ExplorerWindow): void {
    const { window } = opened
    const { webContents: contents } = window
    window.on('close', event => this.#askBeforeClosing(event, window))
    this.#requests.attach(contents, openPaths => {
      opened.hasPageStarted = false
      opened.paths.push(...openPaths)
    })
    contents.on('did-navigate', () => contents.setZoomLevel(this.#state.zoomLevel))
    contents.on('zoom-changed', (_event, direction) => this.#zoom(direction))
    watchForFailures(window, () => app.quit())
    loadExplorer(window)
  }

  /** Jobs end with the app, so it asks first while some are running. */
  #askBeforeClosing(event: Electron.Event, window: BrowserWindow): void {
    const endsApp = process.platform !== 'darwin' && this.#windows.all.length === 1
    if (endsApp && !this.#isQuitting && !this.#mayEnd(window)) event.preventDefault()
  }

  /** Asks whether to end the app if that cancels jobs. Returns whether it ends. */
  #mayEnd(window: BrowserWindow | undefined): boolean {
    const { runningJobs } = this.#host
    this.#isQuitting = runningJobs === 0 || confirmCancelJobs(window, runningJobs)
    if (this.#isQuitting) this.#windows.quit()
    return this.#isQuitting
  }

  #zoom(direction: Params<'zoomWindow'>['direction']): void {
    this.#saveState({ zoomLevel: nextZoom(this.#state.zoomLevel, direction) })
    for (const { window } of this.#windows.all) window.webContents.setZoomLevel(this.#state.zoomLevel)
  }

  #saveState(change: Partial<ShellState>): void {
    this.#state = { ...this.#state, ...change }
    writeShellState(this.#stateFile, this.#state)
  }

  #send({ window }: ExplorerWindow, event: ExplorerEvent): void {
    if (!window.isDestroyed()) this.#requests.send(window.webContents, event)
  }

  #command(command: MenuCommand): void {
    const { current } = this.#windows
    if (current?.hasPageStarted) this.#send(current, { type: 'command', command })
    else if (current === undefined) this.open([])
    if (!current?.hasPageStarted) this.#windows.current?.commands.push(command)
  }

  #onEvent(event: ExplorerEvent): void {
    this.#knownPaths.onEvent(event)
    if (event.type !== 'taskChanged' || !isJob(event.task)) return
    const progress = this.#jobProgress.onChange(event.task)
    for (const { window } of this.#windows.all) window.setProgressBar(progress)
    const notice = endNotice(event.task)
    if (notice !== null && BrowserWindow.getFocusedWindow() === null) this.#notify(notice)
  }

  #notify(notice: Electron.NotificationConstructorOptions): void {
    if (!Notification.isSupported()) return
    // Held: the click on one that was collected would be lost.
    this.#notification = new Notification(notice)
    this.#notification.on('click', () => this.open([]))
    this.#notification.show()
  }

  #onHostEvent(event: HostEvent): void {
    switch (event.type) {
      case 'storeOpened':
        this.#unreported.delete(event.requested)
        this.#hasOpened = true
        // The system may look at each of them at any time: on Windows that would log in at another machine.
        if (!isNetworkPath(event.path, process.platform)) app.addRecentDocument(event.path)
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
      openFolder: () => void this.#openPicked(pickFolders(this.#windows.current?.window)),
      openPackage: () => void this.#openPicked(pickPackages(this.#windows.current?.window)),
      // The page says when there are as many windows as can be.
      newWindow: () => (this.#windows.current === undefined ? this.open([]) : this.#command('newWindow')),
      openPath: store => this.open([store]),
      zoom: direction => this.#zoom(direction),
      command: command => this.#command(command),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
}
