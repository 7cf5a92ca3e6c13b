import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { onTestFinished, type TestContext } from 'vitest'
import { commandLine, requireStage, scratchFolder } from './explorer.ts'

/** A page controlled by plain CDP: Playwright hangs, for example, when a page opens a window. */
export interface RawPage {
  evaluate: (expression: string) => Promise<unknown>
  pages: () => Promise<string[]>
}

interface DevToolsTarget {
  type: string
  url: string
  webSocketDebuggerUrl: string
}

export async function startRaw(ctx: TestContext): Promise<RawPage> {
  const { program, flags, env } = commandLine(requireStage(ctx), scratchFolder())
  const child = spawn(program, ['--remote-debugging-port=0', ...flags], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const address = await debuggerAddress(child.stderr)
  const targets = async (): Promise<DevToolsTarget[]> => {
    const all = (await (await fetch(`http://${address}/json/list`)).json()) as DevToolsTarget[]
    return all.filter(target => target.type === 'page')
  }
  let page: DevToolsTarget | undefined
  while (page === undefined) page = (await targets()).find(({ url }) => url !== '')
  const socket = new WebSocket(page.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  onTestFinished(() => socket.close())
  let calls = 0
  const evaluate = (expression: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++calls
      socket.addEventListener('message', function answer({ data }) {
        const reply = JSON.parse(String(data)) as {
          id: number
          result: { result: { value: unknown } }
          error?: unknown
        }
        if (reply.id !== id) return
        socket.removeEventListener('message', answer)
        if (reply.error === undefined) resolve(reply.result.result.value)
        else reject(new Error(JSON.stringify(reply.error)))
      })
      const params = { expression, awaitPromise: true, returnByValue: true, userGesture: true }
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
    })
  // The window's first, empty document may disappear during the request.
  const isLoaded = `location.protocol !== 'about:' && document.readyState === 'complete'`
  while ((await evaluate(isLoaded).catch(() => false)) !== true);
  return { pages: async () => (await targets()).map(({ url }) => url), evaluate }
}

async function debuggerAddress(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const address = /DevTools listening on ws:\/\/([^/]+)\//.exec(line)?.[1]
    if (address !== undefined) {
      stderr.resume()
      return address
    }
  }
  throw new Error('the app ended without a word about its debugger')
}
