import { parentPort } from 'node:worker_threads'
import { keepCompiled, lowerPriority, useCompiled } from '../storage/thread.ts'
import type { ThreadStart } from './threads.ts'

useCompiled()
lowerPriority()
const work = import('./scan-turns.ts')

/** Does what scanInThreads asked for. */
async function main(start: ThreadStart): Promise<void> {
  const { scanTurns } = await work
  scanTurns(start)
  keepCompiled()
}

parentPort?.on('message', (start: ThreadStart) => void main(start))
