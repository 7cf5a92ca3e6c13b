import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test, type TestContext } from 'vitest'
import { type Explorer, requireStage, startExplorer, STORES } from './explorer.ts'

const EXPLORER = { x: 0, y: 0, width: 1000, height: 700 }
const SOURCE = { x: 1100, y: 100, width: 200, height: 200 }

const run = promisify(execFile)

type Pointer = (...steps: (string | number)[]) => Promise<void>

async function requirePointer(ctx: TestContext): Promise<Pointer> {
  const env = { ...process.env, DISPLAY: requireStage(ctx).display }
  try {
    await run('xdotool', ['version'], { env })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ctx.skip('no xdotool here to drag with')
    throw error
  }
  return async (...steps) => void (await run('xdotool', steps.map(String), { env }))
}

const openSource = ({ app }: Explorer, files: string[]): Promise<void> =>
  app.evaluate(
    async ({ BrowserWindow, ipcMain, nativeImage }, { explorer, source, files }) => {
      BrowserWindow.getAllWindows()[0]!.setBounds(explorer)
      const webPreferences = { nodeIntegration: true, contextIsolation: false, sandbox: false }
      const window = new BrowserWindow({ ...source, frame: false, webPreferences })
      const icon = nativeImage.createFromBitmap(Buffer.alloc(16 * 16 * 4, 200), { width: 16, height: 16 })
      ipcMain.on('drag', ({ sender }) => sender.startDrag({ file: '', files, icon }))
      const page = `<body draggable=true ondragstart="event.preventDefault();require('electron').ipcRenderer.send('drag')">`
      await window.loadURL(`data:text/html,${encodeURIComponent(page)}<p>Drag me`)
    },
    { explorer: EXPLORER, source: SOURCE, files },
  )

test('a folder and a package dropped onto the window are opened', async ctx => {
  const pointer = await requirePointer(ctx)
  const explorer = await startExplorer(ctx)
  const { page, messages, savePicture } = explorer
  await page.getByRole('main', { name: 'Welcome' }).waitFor()
  await openSource(explorer, [path.join(STORES, 'deleted.npk'), path.join(STORES, 'deleted-v2-raw.npkg')])

  const zone = page.getByText('Drop a folder or a package to open it')
  await pointer('mousemove', SOURCE.x + 50, SOURCE.y + 50, 'mousedown', 1)
  // A drag starts some pixels from the button press, and a window notices it only while the pointer moves.
  let x = SOURCE.x + 50
  await expect
    .poll(async () => {
      x = x > EXPLORER.width / 2 ? x - 40 : x + 1
      await pointer('mousemove', x, EXPLORER.height / 2)
      return zone.isVisible()
    })
    .toBe(true)
  await savePicture('dragging')
  await pointer('mouseup', 1)

  await expect.poll(() => page.title()).toBe('deleted.npk')
  await page.getByRole('tab', { name: 'deleted-v2-raw.npkg' }).waitFor()
  expect(await zone.isVisible()).toBe(false)
  expect(messages).toEqual([])
})
