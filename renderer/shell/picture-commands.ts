import type { App } from '../model/app.ts'
import type { Command } from '../model/commands.ts'
import { copyPicture, savePicture } from './save-picture.ts'

const ZOOM = 1.5

const picture = (id: string, title: string, key: string, run: (app: App) => void): Command => ({
  id,
  title,
  group: 'Pictures',
  key,
  enabled: app => app.exportTarget.current !== null,
  run,
})

export const PICTURE_COMMANDS: readonly Command[] = [
  picture('zoomIn', 'Zoom in', '+', app => app.exportTarget.current?.zoom(ZOOM)),
  picture('zoomOut', 'Zoom out', '-', app => app.exportTarget.current?.zoom(1 / ZOOM)),
  picture('zoomReset', 'Reset the zoom', '0', app => app.exportTarget.current?.reset()),
  picture('savePng', 'Save the picture as PNG…', 'Mod+S', app => void savePicture(app, 'png')),
  picture('saveSvg', 'Save the picture as SVG…', 'Alt+S', app => void savePicture(app, 'svg')),
  picture('copyPicture', 'Copy the picture', 'p', app => void copyPicture(app)),
]
