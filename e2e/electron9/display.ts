import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** Runs an X server that writes its display number to descriptor 3, until its input ends. */
const SERVER = `
Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp &
exec 3>&-
cat
kill -9 $!
`

/** Starts an X server on a free display. It ends with this process, however that ends. */
export async function startDisplay(): Promise<{ display: string; end: () => void }> {
  const shell = spawn('sh', ['-c', SERVER], { stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
  const number = shell.stdio[3] as Readable
  const none = once(number, 'end').then(() => {
    throw new Error('Xvfb did not start')
  })
  const [text] = (await Promise.race([once(number, 'data'), none])) as [Buffer]
  none.catch(() => undefined)
  return { display: `:${String(text).trim()}`, end: () => shell.stdin?.end() }
}
