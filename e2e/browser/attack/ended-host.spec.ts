import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { startHost } from '../host.ts'
import { expect, SAMPLE, test } from '../window.ts'

test('a program that takes the port of an ended host is given no store, and none of its code runs', async ({
  sharedBrowser,
  home,
}) => {
  test.slow()
  const host = await startHost([SAMPLE], home)
  const context = await sharedBrowser.newContext()
  const page = await context.newPage()
  await page.goto(host.address)
  await expect(page.getByRole('grid')).toBeVisible()
  const countViewScripts = (): Promise<number> =>
    page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => /pane-.*\.js$/.test(name)).length)
  // The views' code loads soon after the start.
  await expect.poll(countViewScripts).toBeGreaterThan(2)
  await host.end()
  await expect(page.getByText('The connection to NumPack Explorer is lost')).toBeVisible()

  const messages: unknown[] = []
  const requestedUrls: string[] = []
  const other = createServer((request, response) => {
    requestedUrls.push(request.url ?? '')
    response.setHeader('Content-Type', 'text/javascript')
    response.end('document.title = "taken over"')
  })
  const sockets = new WebSocketServer({ server: other })
  const challenged = new Promise<WebSocket>(resolve => {
    sockets.on('connection', socket =>
      socket.on('message', (data: Buffer) => {
        messages.push(JSON.parse(data.toString()))
        resolve(socket)
      }),
    )
  })
  try {
    await new Promise<void>((resolve, reject) =>
      other.once('error', reject).listen(Number(new URL(host.address).port), '127.0.0.1', resolve),
    )
    const socket = await challenged
    const closed = new Promise(resolve => socket.once('close', resolve))
    socket.send(JSON.stringify({ proof: 'AAAA' }))
    await closed
    // Views and dialogs open from the code that is loaded already.
    for (const key of ['2', '3', '4', '5', '1', 'Control+k', 'Escape', '?', 'Escape']) await page.keyboard.press(key)
    await expect(page.getByRole('grid')).toBeVisible()
    expect(messages).toEqual([{ challenge: expect.any(String) }])
    expect(requestedUrls.filter(url => url.endsWith('.js'))).toEqual([])
    expect(await page.title()).not.toBe('taken over')
  } finally {
    await context.close()
    sockets.close()
    other.close()
  }
})
