import { randomBytes } from 'node:crypto'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { createServer, type Plugin } from 'vite'
import { readWindowFile } from '../../core/explorer/host/window-files.ts'
import type { DevWindow } from '../web-server/server.ts'
import { RENDERER_FOLDER, ROOT } from './folders.ts'

/** Folders that the window is built from; Vite serves no others. */
const SOURCES = ['renderer', 'core', 'assets', 'node_modules'].map(folder => join(ROOT, folder))

const WINDOW_ROOT = join(ROOT, 'renderer')

const CACHE = join(ROOT, 'node_modules/.cache/vite')

/** The page's icon lies outside Vite's root, which relative addresses can't leave. */
const ICON = '../assets/icon.svg'

const OPEN_IN_EDITOR = '/__open-in-editor'
/** Written by `npm run build`, unknown to Vite. */
const NOTICES = '/third-party-notices.json'

/** Gives libraries the JSX runtime of the bundle, which shows invisible characters. */
const matchBundle: Plugin = {
  name: 'match-bundle',
  config: ({ plugins = [] }) => {
    const visibleJsx = plugins.flat().find(plugin => plugin && 'name' in plugin && plugin.name === 'visible-jsx')
    if (!visibleJsx) throw new Error('renderer/vite.config.ts has no plugin visible-jsx.')
    return {
      oxc: { jsx: { development: false } },
      optimizeDeps: { rolldownOptions: { plugins: [visibleJsx] } },
    }
  },
  transformIndexHtml: {
    order: 'pre',
    handler: html => html.replace(ICON, `/@fs/${join(ROOT, 'assets/icon.svg').replaceAll('\\', '/')}`),
  },
}

/** Allows the scripts and styles that Vite adds to the page: each carries the nonce. */
function allowNonce(response: ServerResponse, nonce: string): void {
  const policy = String(response.getHeader('Content-Security-Policy'))
  response.setHeader('Content-Security-Policy', policy.replace(/(?:script|style)-src 'self'/g, `$& 'nonce-${nonce}'`))
}

/** Starts Vite in middleware mode below `base`, without a port. `cacheDir` holds the prebundled libraries. */
export async function createDevWindow(base: string, cacheDir = CACHE): Promise<DevWindow> {
  const nonce = randomBytes(16).toString('base64url')
  // Never listens: Vite gets connections that the host has checked.
  const upgrades = createHttpServer()
  const vite = await createServer({
    configFile: join(WINDOW_ROOT, 'vite.config.ts'),
    root: WINDOW_ROOT,
    base,
    cacheDir,
    clearScreen: false,
    html: { cspNonce: nonce },
    plugins: [matchBundle],
    server: {
      middlewareMode: true,
      ws: { server: upgrades },
      cors: false,
      fs: { strict: true, allow: SOURCES },
    },
  })
  return {
    answer: async (request, response, path) => {
      allowNonce(response, nonce)
      if (path === NOTICES) {
        const file = await readWindowFile(RENDERER_FOLDER, path)
        response.writeHead(file ? 200 : 404, { 'Content-Type': 'application/json; charset=utf-8' })
        response.end(file?.body)
        return
      }
      // This request would open any file in the developer's editor.
      if (path.toLowerCase().startsWith(OPEN_IN_EDITOR)) {
        response.writeHead(404).end()
        return
      }
      vite.middlewares(request, response, () => {
        response.writeHead(404).end()
      })
    },
    upgrade: (request, socket, head) => upgrades.emit('upgrade', request, socket, head),
    close: () => vite.close(),
  }
}
