import { BrowserWindow, type Rectangle, type WebContents } from 'electron'
import type { MenuCommand } from '../../core/explorer/contract/commands.ts'
import { NumPackError } from '../../core/format/errors.ts'
import { LIMITS } from '../../core/format/limits.ts'
import { createExplorerWindow, type ExplorerWindowOptions, placementOf } from './explorer-window.ts'
import type { SavedWindow } from './shell-state.ts'
import type { Placement } from './window-placement.ts'

/** A window of the program and what its page has not taken yet. */
export interface ExplorerWindow {
  /** Its stores are kept under this number. */
  readonly number: number
  readonly window: BrowserWindow
  /** Whether its page opens the stores of the last session. */
  readonly restores: boolean
  paths: string[]
  commands: MenuCommand[]
  /** Whether the page has taken the paths to open; later ones reach it as events. */
  hasPageStarted: boolean
}

/** Distance of a new window from the one that it was opened from. */
const CASCADE = 28

const shifted = ({ x, y, width, height }: Rectangle): Rectangle => ({ x: x + CASCADE, y: y + CASCADE, width, height })

const savedWindow = ({ number, window }: ExplorerWindow): SavedWindow => ({ number, placement: placementOf(window) })

export class ExplorerWindows {
  readonly #options: Omit<ExplorerWindowOptions, 'placement'>
  /** Called with the windows that come back at the next start, whenever they change. */
  readonly #onChange: (windows: SavedWindow[]) => void
  /** The window that had the focus last comes first. */
  #windows: ExplorerWindow[] = []
  /** The last window that was closed, while there is no other. */
  #last: SavedWindow | null = null
  #isQuitting = false

  constructor(options: Omit<ExplorerWindowOptions, 'placement'>, onChange: (windows: SavedWindow[]) => void) {
    this.#options = options
    this.#onChange = onChange
  }

  get all(): readonly ExplorerWindow[] {
    return this.#windows
  }

  /** The window that had the focus last; undefined when there is none. */
  get current(): ExplorerWindow | undefined {
    return this.#windows[0]
  }

  withContents(contents: WebContents | undefined): ExplorerWindow | undefined {
    return this.#windows.find(({ window }) => !window.isDestroyed() && window.webContents === contents)
  }

  /** From now on, closing a window doesn't keep it from coming back. */
  quit(): void {
    this.#notify()
    this.#isQuitting = true
  }

  /** Opens a window again that was open when the program ended. */
  restore({ number, placement }: SavedWindow): ExplorerWindow {
    return this.#add(number, placement, [], true)
  }

  /** Opens a window. The only one restores the session of the window that was closed last. */
  create(paths: readonly string[]): ExplorerWindow {
    if (this.#windows.length >= LIMITS.desktopWindows)
      throw new NumPackError(
        'ARGUMENT',
        `${LIMITS.desktopWindows} windows are open, as many as can be: close one first.`,
      )
    const { current } = this
    if (current === undefined) return this.#add(this.#last?.number ?? 1, this.#last?.placement ?? null, paths, true)
    const taken = new Set(this.#windows.map(({ number }) => number))
    let number = 1
    while (taken.has(number)) number++
    const { bounds } = placementOf(current.window)
    return this.#add(number, { bounds: shifted(bounds), maximized: false }, paths, false)
  }

  #add(number: number, placement: Placement | null, paths: readonly string[], restores: boolean): ExplorerWindow {
    const window = createExplorerWindow({ ...this.#options, placement })
    const added: ExplorerWindow = { number, window, restores, paths: [...paths], commands: [], hasPageStarted: false }
    const toFront = (): void => {
      this.#windows = [added, ...this.#windows.filter(other => other !== added)]
    }
    toFront()
    window.on('focus', toFront)
    window.on('close', () => {
      this.#last = savedWindow(added)
    })
    window.once('closed', () => {
      this.#windows = this.#windows.filter(other => other !== added)
      this.#notify()
    })
    this.#notify()
    return added
  }

  #notify(): void {
    if (this.#isQuitting) return
    const open = this.#windows.filter(({ window }) => !window.isDestroyed()).map(savedWindow)
    this.#onChange(open.length > 0 || this.#last === null ? open : [this.#last])
  }
}
