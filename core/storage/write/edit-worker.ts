import { parentPort } from 'node:worker_threads'
import { keepCompiled, useCompiled } from '../thread.ts'
import type { EditStart } from './edit-threads.ts'

useCompiled()
const work = import('./help-edit.ts')

/** Helps with an edit of editElements. */
async function main(start: EditStart): Promise<void> {
  const { helpEdit } = await work
  helpEdit(start)
  keepCompiled()
}

parentPort?.on('message', (start: EditStart) => void main(start))
