import { existsSync } from 'node:fs'
import module from 'node:module'
import { getPriority, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { parentPort, type Transferable, Worker, type WorkerOptions } from 'node:worker_threads'
import { fromPlainError, NumPackError, type PlainError, plainError } from '../format/errors.ts'

/**
 * Code of the threads' files by name, set by a bundler (electron/build/desktop.ts). Node can't start a thread from a file
 * inside an Electron app's archive, and files beside the archive are not covered by its integrity.
 */
declare const BUNDLED_THREADS: Readonly<Record<string, string>> | undefined

const bundled = typeof BUNDLED_THREADS === 'undefined' ? {} : BUNDLED_THREADS

/** Starts a thread from bundled code, which takes `folder` for the one that it lies in. */
export const startThreadFromCode = (code: string, folder: string, options: WorkerOptions = {}): Worker =>
  new Worker(`(function (__dirname) {${code}\n})(${JSON.stringify(folder)})`, { ...options, eval: true })

/** Starts a thread from the first of these files that is bundled or in the folder: the source, or compiled. */
function startThread(folder: string, names: readonly string[]): Worker {
  try {
    const code = names.map(name => bundled[name]).find(text => text !== undefined)
    if (code !== undefined) return startThreadFromCode(code, folder)
    return new Worker(findFile(folder, names), { env: threadEnvironment(), execArgv: threadArguments() })
  } catch (error) {
    if (error instanceof NumPackError) throw error
    throw new NumPackError('IO', `The system can't start another thread. End other programs and try again.`, {}, error)
  }
}

function findFile(folder: string, names: readonly string[]): string {
  const files = names.map(name => join(folder, name))
  const file = files.find(path => existsSync(path))
  if (file !== undefined) return file
  throw new NumPackError('IO', `This program is incomplete: ${files.join(', ')} are not there.`)
}

/** Node's arguments without what describes a program given by `node --input-type=module -e`: a thread runs a file. */
const threadArguments = (): string[] => process.execArgv.filter(option => !option.startsWith('--input-type'))

/**
 * The environment of a thread. Where this thread reuses compiled code, the new one does, too: all of it then, because Node
 * looks at the environment before it loads anything.
 */
export function threadEnvironment(): NodeJS.ProcessEnv {
  const folder = module.getCompileCacheDir?.()
  // Node makes a folder for its version in the one that it is given.
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) }
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

/** Keeps what was compiled for other threads, which may be ended without a chance to do that. */
export const keepCompiled = (): void => module.flushCompileCache?.()

/** Has this thread do what `load` imports with everything that it is sent. */
export function doInThread(load: () => Promise<(start: never) => Promise<void> | void>): void {
  const work = load()
  const main = async (start: unknown): Promise<void> => {
    const act = await work
    await act(start as never)
    keepCompiled()
  }
  parentPort?.on('message', start => void main(start))
}

/** What a thread sends about its work. The last message is of another kind than `progress`. */
type ThreadMessage<Progress, Result> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'failure'; readonly error: PlainError }

/** What a thread calls to send progress, or its result; `transfer` are buffers that it does not keep. */
export type Send<T> = (value: T, transfer?: Transferable[]) => void

/**
 * Has this thread do what `load` imports for everything that `ThreadPool.run` sends it. The work sends its result at its
 * end; a NumPackError is sent instead, any other error ends the thread.
 */
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
        if (!(error instanceof NumPackError)) throw error
        send({ kind: 'failure', error: plainError(error) })
      }
    }
  })
}

/** How `ThreadPool.run` runs work. */
interface RunOptions<Progress> {
  readonly onProgress: (progress: Progress) => void
  /** Whether the process may end before the work does. */
  readonly background?: boolean
  readonly transfer?: Transferable[]
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

  /**
   * Sends `start` to a thread that does `answerInThread`. Resolves with its result once the thread is free again; rejects
   * with its error, or `IO` when it ends early. Throws `IO` where no thread is to be had.
   */
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
