import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { NumPackError } from '../format/errors.ts'

/** Node can't start a thread from inside an Electron app's archive: what it starts lies unpacked beside it. */
const outsideArchive = (folder: string): string => folder.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked')

/** Starts a thread from the first of these files that is in the folder: the source, compiled, or bundled. */
export function startThread(folder: string, names: readonly string[], workerData?: unknown): Worker {
  const files = names.map(name => join(outsideArchive(folder), name))
  const file = files.find(path => existsSync(path))
  if (file === undefined) throw new NumPackError('IO', `This program is incomplete: ${files.join(', ')} are not there.`)
  return new Worker(file, { workerData })
}
