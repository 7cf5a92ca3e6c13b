import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { NumPackError } from '../format/errors.ts'

/** Starts a thread from the first of these files that is in the folder: the source, compiled, or bundled. */
export function startThread(folder: string, names: readonly string[], workerData: unknown): Worker {
  const files = names.map(name => join(folder, name))
  const file = files.find(path => existsSync(path))
  if (file === undefined) throw new NumPackError('IO', `This program is incomplete: ${files.join(', ')} are not there.`)
  return new Worker(file, { workerData })
}
