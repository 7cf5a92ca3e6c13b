import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { startHost } from '../host.ts'
import { expect, SAMPLE, test } from '../window.ts'

async function serveForeignPage(): Promise<{ server: Server; port: number }> {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end('<!doctype html><title>foreign</title>')
  })
  await new Promise<void>(resolve => server.listen(0, resolve))
  return { server, port: (server.address() as AddressInfo).port }
}

/** Tries every kind of request to the window's address from a page. Returns the outcome of each. */
const tryRequests = (page: Page, address: string): Promise<Record<string, string>> =>
  page.evaluate(async address => {
    const NO_ANSWER_MS = 5000
    const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
      Promise.race([
        promise.then(
          () => 'got in',
          () => 'refused',
        ),
        new Promise<string>(resolve => setTimeout(() => resolve('no answer'), NO_ANSWER_MS)),
      ])
    const loadElement = <K extends 'img' | 'link' | 'script'>(
      tag: K,
      properties: Partial<HTMLElementTagNameMap[K]>,
    ): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const element = Object.assign(document.createElement(tag), properties)
        element.addEventListener('load', resolve)
        element.addEventListener('error', reject)
        document.body.append(element)
      })
    const openSocket = (url: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const opened = new WebSocket(url)
        opened.addEventListener('open', resolve)
        opened.addEventListener('error', reject)
      })
    return {
      fetch: await outcomeOf(fetch(address, { credentials: 'include' })),
      'fetch without cors': await outcomeOf(fetch(address, { mode: 'no-cors', credentials: 'include' })),
      post: await outcomeOf(fetch(address, { method: 'POST', mode: 'no-cors', body: 'a', credentials: 'include' })),
      script: await outcomeOf(loadElement('script', { src: address })),
      image: await outcomeOf(loadElement('img', { src: `${address}favicon.svg` })),
      style: await outcomeOf(loadElement('link', { rel: 'stylesheet', href: address })),
      socket: await outcomeOf(openSocket(`${address.replace('http', 'ws')}socket`)),
    }
  }, address)

for (const name of ['127.0.0.1', 'localhost']) {
  test(`a page of ${name} in the same browser does not get into the window`, async ({ sharedBrowser, home }) => {
    const host = await startHost([SAMPLE], home)
    const { server, port } = await serveForeignPage()
    const context = await sharedBrowser.newContext()
    try {
      const own = await context.newPage()
      await own.goto(host.address)
      await expect(own.getByRole('heading', { level: 1 })).toBeVisible()
      const address = own.url()
      expect(address).not.toContain('token')
      const facts = await own.evaluate(() => ({
        referrer: document.referrer,
        cookie: document.cookie,
        isolated: crossOriginIsolated,
        opener: window.opener as unknown,
      }))
      expect(facts).toEqual({ referrer: '', cookie: '', isolated: true, opener: null })

      const foreign = await context.newPage()
      await foreign.goto(`http://${name}:${port}/`)
      const outcome = await tryRequests(foreign, address)
      expect([...new Set(Object.values(outcome))], JSON.stringify(outcome)).toEqual(['refused'])

      await foreign.evaluate(async address => {
        const frame = document.createElement('iframe')
        frame.src = address
        await new Promise(resolve => {
          frame.addEventListener('load', resolve)
          document.body.append(frame)
        })
      }, address)
      const elementCounts = await Promise.all(
        foreign.frames().map(frame => frame.evaluate(() => document.querySelectorAll('[role=grid], #root *').length)),
      )
      expect(elementCounts.every(count => count === 0)).toBe(true)

      const popup = context.waitForEvent('page')
      await foreign.evaluate(address => {
        Object.assign(window, { opened: window.open(address) })
      }, address)
      const opened = await popup
      await opened.waitForLoadState()
      const severed = await foreign.evaluate(
        () => (window as unknown as { opened: Window | null }).opened?.closed ?? true,
      )
      expect(severed, 'the window that a foreign page opens is cut off from it').toBe(true)
    } finally {
      await context.close()
      server.close()
      await host.end()
    }
  })
}
