import path from 'node:path'
import { expect, test } from 'vitest'
import { startRaw } from './cdp.ts'
import { startExplorer, STORES } from './explorer.ts'

const ORIGIN = 'numpack-explorer://window'
const ADDRESS = `${ORIGIN}/index.html`

test('the page has its own origin, no Node and only the preload API', async ctx => {
  const { page } = await startExplorer(ctx)
  expect(await page.evaluate(() => location.origin)).toBe(ORIGIN)
  expect(await page.evaluate('typeof require + typeof process + typeof Buffer')).toBe('undefinedundefinedundefined')
  expect(await page.evaluate('Object.keys(window.numpackExplorer).sort()')).toEqual([
    'cancel',
    'pathForFile',
    'request',
    'subscribe',
  ])
})

test('the window keeps every safe default of web preferences', async ctx => {
  const { app, page } = await startExplorer(ctx)
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const own = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    return own.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
  })
  const ON = ['allowRunningInsecureContent', 'experimentalFeatures', 'nodeIntegrationInWorker', 'enableRemoteModule']
  for (const name of ON) expect(preferences[name] ?? false, name).toBe(false)
  expect(preferences['webSecurity'] ?? true).toBe(true)
  expect(preferences['enableBlinkFeatures'] ?? '').toBe('')
  const view = await page.evaluate(() => {
    const element = document.createElement('webview')
    document.body.append(element)
    return element.constructor.name
  })
  expect(view).toBe('HTMLElement')
})

test('the content security policy refuses inline code and foreign sources', async ctx => {
  const { page } = await startExplorer(ctx)
  const refused = await page.evaluate(async () => {
    const violations: string[] = []
    const all = new Promise(resolve => {
      document.addEventListener('securitypolicyviolation', event => {
        if (violations.push(event.violatedDirective) === 4) resolve(undefined)
      })
    })
    const script = document.createElement('script')
    script.textContent = 'window.ranInline = true'
    document.body.append(script)
    const image = document.createElement('img')
    image.src = 'https://example.com/x.png'
    document.body.append(image)
    const frame = document.createElement('iframe')
    frame.src = 'data:text/html,x'
    document.body.append(frame)
    const fetched = await fetch('https://example.com/').then(
      () => 'fetched',
      () => 'refused',
    )
    await all
    return { violations: violations.sort(), fetched, ranInline: 'ranInline' in window }
  })
  expect(refused).toEqual({
    violations: ['connect-src', 'frame-src', 'img-src', 'script-src-elem'],
    fetched: 'refused',
    ranInline: false,
  })
})

test('the window scheme serves the bundle and nothing else', async ctx => {
  const { page } = await startExplorer(ctx)
  const statuses = await page.evaluate(async () => {
    const paths = [
      '/index.html',
      '/../main/main.cjs',
      '/%2e%2e/main/main.cjs',
      '/..%2fmain%2fmain.cjs',
      '/..%5cmain%5cmain.cjs',
      '/%2fetc%2fpasswd',
      '/assets',
      '/%',
    ]
    return Promise.all(paths.map(async path => [path, (await fetch(path)).status] as const))
  })
  expect(statuses.filter(([, status]) => status === 200)).toEqual([['/index.html', 200]])
  expect(new Set(statuses.slice(1).map(([, status]) => status))).toEqual(new Set([404]))
})

test("the page can't navigate away", async ctx => {
  const { app, page } = await startExplorer(ctx)
  const before = page.url()
  const asked = app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<[string, boolean]>(resolve => {
        const contents = BrowserWindow.getAllWindows()[0]!.webContents
        contents.once('will-navigate', (event: { defaultPrevented: boolean }, url: unknown) =>
          setImmediate(() => resolve([String(url), event.defaultPrevented])),
        )
      }),
  )
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  expect(await asked).toEqual(['https://example.com/', true])
  expect(page.url()).toBe(before)
})

/** Script that opens a window and waits until it is gone; Electron after 9 returns null instead. */
const gone = (address: string): string => `(async () => {
  const opened = window.open('${address}')
  while (opened && !opened.closed) await new Promise(resolve => setTimeout(resolve, 20))
  return 'gone'
})()`

test("the page can't open windows", async ctx => {
  const page = await startRaw(ctx)
  for (const address of ['https://example.com/', 'about:blank', ADDRESS])
    expect(await page.evaluate(gone(address))).toBe('gone')
  expect(await page.pages()).toEqual([ADDRESS])
})

test('the page gets no permissions', async ctx => {
  const { page } = await startExplorer(ctx)
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
  const states = await page.evaluate(async () => {
    const outcomes = await Promise.allSettled([
      navigator.mediaDevices.getUserMedia({ audio: true }),
      navigator.clipboard.readText(),
      new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
    ])
    return outcomes.map(({ status }) => status)
  })
  expect(states).toEqual(['rejected', 'rejected', 'rejected'])
})

test('a page that is not the window gets no answer', async ctx => {
  const { app } = await startExplorer(ctx)
  const answer = await app.evaluate(async ({ BrowserWindow }) => {
    const own = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): { preload: string }
    }
    const { preload } = own.getLastWebPreferences()
    const foreign = new BrowserWindow({
      show: false,
      webPreferences: { preload, sandbox: true, contextIsolation: true },
    })
    await foreign.loadURL('data:text/html,foreign')
    return foreign.webContents.executeJavaScript(
      `numpackExplorer.request({ id: 1, method: 'environment', params: {} }).then(JSON.stringify, error => error.message)`,
    ) as Promise<string>
  })
  expect(answer).toContain('This page may not ask for anything.')
})

const ask = (request: unknown): string =>
  `numpackExplorer.request(${JSON.stringify(request)}).then(reply => reply.ok ? 'ok' : reply.error.code, error => error.message)`

test('the file manager shows open stores only, and no other path that a page asks for', async ctx => {
  const store = path.join(STORES, 'dtypes.npk')
  const { app, page } = await startExplorer(ctx, { paths: [store] })
  await page.getByRole('grid').waitFor()
  await app.evaluate(({ app, shell }) => {
    const asked: string[] = []
    Object.assign(app, { asked })
    shell.showItemInFolder = path => void asked.push(path)
  })
  let id = 1e6
  const show = (target: string) => page.evaluate(ask({ id: id++, method: 'showInFolder', params: { path: target } }))
  for (const target of ['\\\\host\\share', '//host/share', '/etc/passwd', `${store}/..`])
    expect(await show(target)).toBe('ARGUMENT')
  expect(await show(store)).toBe('ok')
  expect(await app.evaluate(({ app }) => (app as unknown as { asked: string[] }).asked)).toEqual([store])
})

test('a malformed request of a page is answered with a typed error', async ctx => {
  const { page, stderr } = await startExplorer(ctx)
  const malformed = [
    null,
    7,
    [],
    {},
    { id: 1 },
    { id: 1e6, method: 'openStore', params: null },
    { id: 1e6, method: 'x' },
  ]
  for (const request of malformed) expect(await page.evaluate(ask(request))).toBe('ARGUMENT')
  expect(stderr()).toBe('')
})
