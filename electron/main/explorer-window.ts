import path from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { MINIMUM_SIZE, type Placement, placeWindow } from './window-placement.ts'
import { WINDOW_URL } from './window-scheme.ts'

/** `--bg` of renderer/theme/tokens.css: visible until the first frame. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#15171c' : '#fbfbfc')

export interface ExplorerWindowOptions {
  preload: string
  icon: string
  placement: Placement | null
  developer: boolean
}

const workAreas = (): [Electron.Rectangle, ...Electron.Rectangle[]] => {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(display => display.id !== primary.id)
  return [primary.workArea, ...others.map(display => display.workArea)]
}

export function createExplorerWindow(options: ExplorerWindowOptions): BrowserWindow {
  const { bounds, maximized } = placeWindow(options.placement, workAreas())
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    backgroundColor: background(),
    title: 'NumPack Explorer',
    icon: path.resolve(options.icon),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: options.developer,
    },
  })
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  const repaint = (): void => window.setBackgroundColor(background())
  nativeTheme.on('updated', repaint)
  window.once('closed', () => nativeTheme.removeListener('updated', repaint))
  return window
}

export function loadExplorer(window: BrowserWindow): void {
  window.loadURL(WINDOW_URL).catch(() => undefined)
}

export const placementOf = (window: BrowserWindow): Placement => ({
  bounds: window.getNormalBounds(),
  maximized: window.isMaximized(),
})
