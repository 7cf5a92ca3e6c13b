import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

test('threads that work on stores tell Electron that archives beside them are files', async () => {
  const module = JSON.stringify(new URL('thread.ts', import.meta.url).href)
  const code = `import(${module}).then(({ doInThread }) => {
    doInThread(async () => () => {})
    require('node:worker_threads').parentPort.postMessage(process.noAsar === true)
  })`
  const thread = new Worker(code, { eval: true })
  const [message] = (await once(thread, 'message')) as [boolean]
  await thread.terminate()
  expect(message).toBe(true)
})
