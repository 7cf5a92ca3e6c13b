import { NumPackError } from '../format/errors.ts'

/** Argument checks for callers without a compiler: they throw `ARGUMENT` before anything happens. */

const wrong = (call: string, wanted: string, given: unknown): NumPackError =>
  new NumPackError('ARGUMENT', `${call} takes ${wanted}, not ${given === null ? 'null' : typeof given}.`)

export function checkPath(path: unknown, call: string): void {
  if (typeof path !== 'string') throw wrong(call, 'a path', path)
  if (path === '') throw new NumPackError('ARGUMENT', 'The path is empty.')
  if (path.includes('\0')) throw new NumPackError('ARGUMENT', 'A path has no NUL character.')
}

export function checkArrayName(name: unknown): void {
  if (typeof name !== 'string') throw new NumPackError('ARGUMENT', 'the name of an array must be a string')
}

export function checkFunction(value: unknown, call: string): void {
  if (typeof value !== 'function') throw wrong(call, 'a function', value)
}

export function checkOptions(options: unknown, call: string): void {
  if (typeof options !== 'object' || options === null) throw wrong(call, 'its options as an object', options)
}

export function checkLongOptions(options: unknown, call: string): void {
  checkOptions(options, call)
  const { signal, onProgress } = options as { signal?: AbortSignal | null; onProgress?: unknown }
  // Not instanceof: signals may come from another realm.
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw wrong(call, 'an AbortSignal as signal', signal)
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw wrong(call, 'a function as onProgress', onProgress)
  }
}
