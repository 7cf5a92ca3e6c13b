import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { definedEnv } from './chromium.ts'

export const ROOT = path.resolve(import.meta.dirname, '../..')

export const homeEnv = (home: string): Record<string, string> => ({
  ...definedEnv(),
  HOME: home,
  XDG_DATA_HOME: path.join(home, 'data'),
  XDG_CONFIG_HOME: path.join(home, 'config'),
})

export interface BrowserHost {
  /** Includes the token. */
  address: string
  end: () => Promise<unknown>
}

/** Starts the browser host, or with `--dev` the development host. Rejects when it ends without printing an address. */
export async function startHost(
  paths: readonly string[],
  home: string,
  {
    mode = '--browser',
    port = 0,
    env = {},
  }: { mode?: '--browser' | '--dev'; port?: number; env?: Record<string, string> } = {},
): Promise<BrowserHost> {
  const host = spawn(process.execPath, ['electron/start.mjs', mode, '--port', String(port), ...paths], {
    cwd: ROOT,
    // Each test has a new home folder; without this, every start would compile the program again.
    env: { ...homeEnv(home), CI: 'true', NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/compile'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: host.stdout })) {
    const address = /http:\/\/\S+/.exec(line)
    if (address) {
      host.stdout.resume()
      return { address: address[0], end: () => ended(host) }
    }
  }
  throw new Error('the host ended without printing an address')
}

function ended(child: ChildProcess): Promise<unknown> {
  const exit = new Promise(resolve => child.once('exit', resolve))
  return child.kill('SIGTERM') ? exit : Promise.resolve()
}
