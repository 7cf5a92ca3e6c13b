import { existsSync } from 'node:fs'
import module from 'node:module'
import { getPriority, setPriority } from 'node:os'
import { join } from 'node:path'
import { parentPort, Worker } from 'node:worker_threads'
import { NumPackError } from '../format/errors.ts'

/** Node can't start a thread from inside an Electron app's archive: what it starts lies unpacked beside it. */
const outsideArchive = (folder: string): string => folder.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked')

/** Starts a thread from the first of these files that is in the folder: the source, compiled, or bundled. */
function startThread(folder: string, names: readonly string[]): Worker {
  const files = names.map(name => join(outsideArchive(folder), name))
  const file = files.find(path => existsSync(path))
  if (file === undefined) throw new NumPackError('IO', `This program is incomplete: ${files.join(', ')} are not there.`)
  try {
    // Of a program given by `node --input-type=module -e`, which says nothing of a file.
    return new Worker(file, { execArgv: process.execArgv.filter(option => !option.startsWith('--input-type')) })
  } catch (error) {
    throw new NumPackError('IO', `The system can't start another thread. End other programs and try again.`, {}, error)
  }
}

/** Niceness of threads that work beside a window. */
const BESIDE = 10

/** Lets those who read rows for a window go before this thread, where a thread can have a priority of its own. */
export function lowerPriority(): void {
  try {
    if (process.platform === 'linux' && getPriority() < BESIDE) setPriority(BESIDE)
  } catch {
    // Work gets done at any priority.
  }
}

/**
 * What a thread does before it imports its work, dynamically: code that was compiled before is then not compiled again
 * (measured: a scan's thread is at work after 80 ms with 95 ms of a processor instead of 120 and 180, the engine's after 190
 * with 240 instead of 390 and 550).
 */
export const reuseCompiled = (): void => void module.enableCompileCache?.()

/** Keeps what was compiled for other threads, which may be ended without a chance to do that. */
export const keepCompiled = (): void => module.flushCompileCache?.()

/** Has this thread do what `load` imports with everything that it is sent. */
export function doInThread(load: () => Promise<(start: never) => Promise<void> | void>): void {
  reuseCompiled()
  const work = load()
  const main = async (start: unknown): Promise<void> => {
    const act = await work
    await act(start as never)
    keepCompiled()
  }
  parentPort?.on('message', start => void main(start))
}

/** A thread without work is kept so long for the next: starting one takes longer than much of what it does. */
const SPARE_MS = 5000

/** Threads that run the same file. Those without work keep no process alive. */
export class ThreadPool {
  readonly #folder: string
  readonly #names: readonly string[]
  readonly #most: number
  readonly #spare = new Map<Worker, NodeJS.Timeout>()

  /** `names`: what the file may be called in `folder`. Up to `most` threads are kept. */
  constructor(folder: string, names: readonly string[], most: number) {
    this.#folder = folder
    this.#names = names
    this.#most = most
  }

  /** A thread that nobody else has. Throws `IO` where its file is missing. */
  take(): Worker {
    const [kept] = this.#spare.keys()
    if (kept === undefined) return this.#start()
    clearTimeout(this.#spare.get(kept))
    this.#spare.delete(kept)
    kept.ref()
    return kept
  }

  /** Takes back a thread that has done its work. */
  give(thread: Worker): void {
    if (this.#spare.size >= this.#most) {
      void thread.terminate()
      return
    }
    thread.unref()
    const end = (): void => {
      this.#spare.delete(thread)
      void thread.terminate()
    }
    this.#spare.set(thread, setTimeout(end, SPARE_MS).unref())
  }

  #start(): Worker {
    const thread = startThread(this.#folder, this.#names)
    // An error that nobody listens for would end the process; who waits for the thread hears of it, or of its end.
    thread.on('error', () => {})
    thread.once('exit', () => {
      clearTimeout(this.#spare.get(thread))
      this.#spare.delete(thread)
    })
    return thread
  }
}
