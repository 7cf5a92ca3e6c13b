import { parentPort, workerData } from 'node:worker_threads'
import { keepCompiled, reuseCompiled } from '../storage/thread.ts'
import type { WorkerStart } from './messages.ts'

reuseCompiled()

/** The engine's thread: ExplorerHost starts it with a WorkerStart. */
async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  const { runEngine } = await import('./engine.ts')
  keepCompiled()
  await runEngine(port, workerData as WorkerStart)
}

if (parentPort) void main(parentPort)
