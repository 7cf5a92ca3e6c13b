import { existsSync } from 'node:fs'
import module from 'node:module'
import { availableParallelism, getPriority, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { parentPort, type Transferable, Worker, type WorkerOptions } from 'node:worker_threads'
import { fromPlainError, NumPackError, type PlainError, plainError } from '../format/errors.ts'
import { systemError } from './io-error.ts'
import { libraryFolder } from './library-folder.ts'

/** Set by electron/build/desktop.ts: Node starts no thread from an archive, and files beside it lack its integrity. */
declare const BUNDLED_THREADS: Readonly<Record<string, string>> | undefined

const bundled = typeof BUNDLED_THREADS === 'undefined' ? {} : BUNDLED_THREADS

export const startThreadFromCode = (code: string, folder: string, options: WorkerOptions = {}): Worker =>
  new Worker(`(function (__dirname) {${code}\n})(${JSON.stringify(folder)})`, { ...options, eval: true })

/** Starts the first of these files of the library that is bundled or exists: source or compiled. */
function startThread(names: readonly string[]): Worker {
  try {
    const code = names.map(name => bundled[name]).find(text => text !== undefined)
    if (code !== undefined) return startThreadFromCode(code, import.meta.dirname)
    return new Worker(findFile(names), { env: threadEnvironment(), execArgv: threadArguments() })
  } catch (error) {
    if (error instanceof NumPackError) throw error
    throw new NumPackError('IO', `The system can't start another thread. End other programs and try again.`, {}, error)
  }
}

function findFile(names: readonly string[]): string {
  const files = names.map(name => join(libraryFolder(), name))
  const file = files.find(path => existsSync(path))
  if (file !== undefined) return file
  throw new NumPackError('IO', `This program is incomplete: ${files.join(', ')} are not there.`)
}

/** Returns Node's arguments without `--input-type=module -e` and its program, because a thread runs a file. */
const threadArguments = (): string[] => process.execArgv.filter(option => !option.startsWith('--input-type'))

/** Returns this thread's environment with its compile cache. Node reads it before it loads any code. */
export function threadEnvironment(): NodeJS.ProcessEnv {
  const folder = module.getCompileCacheDir?.()
  // Node makes a folder for its version in the one that it is given.
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) }
}

/** Threads that are worth while at a time, whatever a caller or a user asks for: others only take memory and time. */
export const MOST_THREADS = Math.max(8, 2 * availableParallelism())

const BESIDE = 10

/** Lowers this thread's priority, where a thread has its own, so that reads for a window run first. */
export function lowerPriority(): void {
  try {
    if (process.platform === 'linux' && getPriority() < BESIDE) setPriority(BESIDE)
  } catch {
    // Best effort: the priority is optional.
  }
}

/** Writes the compile cache now, because the thread may be terminated at any time. */
export const keepCompiled = (): void => module.flushCompileCache?.()

/** Electron opens `*.asar` files, which may lie beside stores, as folders. Load the thread's own code first. */
export const readArchivesAsFiles = (): void => void Object.assign(process, { noAsar: true })

export function doInThread(load: () => Promise<(start: never) => Promise<void> | void>): void {
  readArchivesAsFiles()
  const work = load()
  const main = async (start: unknown): Promise<void> => {
    const act = await work
    await act(start as never)
    keepCompiled()
  }
  parentPort?.on('message', start => void main(start))
}

type ThreadMessage<Progress, Result> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'failure'; readonly error: PlainError }

export type Send<T> = (value: T, transfer?: Transferable[]) => void

/** Runs the imported function for every `ThreadPool.run`. Sends its result, NumPackError or system error. */
export function answerInThread<Progress, Result>(
  load: () => Promise<(start: never, result: Send<Result>, progress: Send<Progress>) => Promise<void> | void>,
): void {
  const send = (message: ThreadMessage<Progress, Result>, transfer?: Transferable[]): void =>
    parentPort?.postMessage(message, transfer)
  doInThread(async () => {
    const work = await load()
    return async (start: never) => {
      try {
        await work(
          start,
          (result, transfer) => send({ kind: 'result', result }, transfer),
          (progress, transfer) => send({ kind: 'progress', progress }, transfer),
        )
      } catch (error) {
        const failure = systemError(error)
        if (failure === null) throw error
        send({ kind: 'failure', error: plainError(failure) })
      }
    }
  })
}

interface RunOptions<Progress> {
  readonly onProgress: (progress: Progress) => void
  /** Whether the process may end before the work does. */
  readonly background?: boolean
  readonly transfer?: Transferable[]
}

/** An idle thread is kept this long: starting one takes longer than many tasks. */
const SPARE_MS = 5000

/** Pool of threads that run the same file. Idle ones keep no process alive. */
export class ThreadPool {
  readonly #names: readonly string[]
  readonly #most: number
  readonly #spare = new Map<Worker, NodeJS.Timeout>()

  /** `names`: possible names of the file in the library's folder. At most `most` threads are kept. */
  constructor(names: readonly string[], most: number) {
    this.#names = names
    this.#most = most
  }

  /** Takes a thread out of the pool or starts one. Throws `IO` if its file is missing. */
  take(): Worker {
    const [kept] = this.#spare.keys()
    if (kept === undefined) return this.#start()
    clearTimeout(this.#spare.get(kept))
    this.#spare.delete(kept)
    kept.ref()
    return kept
  }

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

  /** Runs `start` in a thread. Rejects with its error, or `IO` if it ends early. Throws `IO` if none can be started. */
  run<Progress, Result>(start: unknown, options: RunOptions<Progress>): Promise<Result> {
    const thread = this.take()
    if (options.background === true) thread.unref()
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const onMessage = (message: ThreadMessage<Progress, Result>): void => {
      if (message.kind === 'progress') {
        options.onProgress(message.progress)
        return
      }
      thread.off('message', onMessage).off('error', reject).off('exit', onExit)
      this.give(thread)
      if (message.kind === 'result') resolve(message.result)
      else reject(fromPlainError(message.error))
    }
    const onExit = (code: number): void =>
      reject(new NumPackError('IO', `A thread of this program ended early (code ${code}). Try again.`))
    thread.on('message', onMessage).once('error', reject).once('exit', onExit)
    thread.postMessage(start, options.transfer)
    return promise
  }

  #start(): Worker {
    const thread = startThread(this.#names)
    // An error event without a listener would end the process; the waiting caller receives it otherwise.
    thread.on('error', () => {})
    thread.once('exit', () => {
      clearTimeout(this.#spare.get(thread))
      this.#spare.delete(thread)
    })
    return thread
  }
}
