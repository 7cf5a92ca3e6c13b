import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { bytesOf } from '../format/elements.ts'
import type { NDArray } from '../array/ndarray.ts'
import { spawnPython } from './python.ts'

/** A long-running real NumPack; `numpack_server.py` describes requests and answers. */
export interface NumPackServer extends AsyncDisposable {
  ask(request: object): Promise<unknown>
}

export function startNumPack(): NumPackServer {
  const child = spawnPython('numpack_server.py')
  const waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = []
  let errorOutput = ''
  child.stderr.on('data', text => (errorOutput += String(text)))
  createInterface(child.stdout).on('line', line => waiting.shift()?.resolve(JSON.parse(line)))
  const end = async (): Promise<void> => {
    await once(child, 'close')
    for (const { reject } of waiting.splice(0)) reject(new Error(`NumPack's process ended: ${errorOutput}`))
  }
  const ended = end()
  return {
    ask: request =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin.write(`${JSON.stringify(request)}\n`)
      }),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await ended
    },
  }
}

export const forNumPack = ({ dtype, shape, data }: NDArray): object => ({
  dtype,
  shape,
  base64: Buffer.from(bytesOf(data)).toString('base64'),
})
