import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { startHost } from './host.ts'
import { expect, SAMPLE, test } from './window.ts'

test("the window opens through a tunnel with another port than the program's", async ({ sharedBrowser, home }) => {
  const host = await startHost([SAMPLE], home)
  const address = new URL(host.address)
  const port = Number(address.port)
  const tunnel = createServer(socket => {
    const onward = connect(port, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    socket.on('error', () => onward.destroy())
    onward.on('error', () => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(tunnel, 'listening')
  address.port = String((tunnel.address() as AddressInfo).port)
  const context = await sharedBrowser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(address.href)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(new URL(page.url()).host).toBe(address.host)
  } finally {
    await context.close()
    await host.end()
    tunnel.close()
  }
})
