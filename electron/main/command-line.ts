import path from 'node:path'
import { LIMITS } from '../../core/format/limits.ts'
import { resolveArgument } from '../../core/system/given-path.ts'

/** Drops paths that can't exist, and all beyond the limits. */
export const boundedPaths = (paths: readonly string[]): string[] =>
  paths
    .filter(entry => entry !== '' && entry.length <= LIMITS.startPathLength && !entry.includes('\0'))
    .slice(0, LIMITS.startPaths)

/**
 * Returns the stores on a command line as absolute paths. Skips switches; everything after `--` is a path. Unless
 * `packaged`, the first plain argument is the app itself (`electron APP store.npk`).
 */
export function startPaths(argv: readonly string[], workingFolder: string, packaged: boolean): string[] {
  const given = argv.slice(1)
  const end = given.indexOf('--')
  const before = end < 0 ? given : given.slice(0, end)
  const after = end < 0 ? [] : given.slice(end + 1)
  const plain = [...before.filter(argument => !argument.startsWith('-')), ...after]
  return boundedPaths(plain.slice(packaged ? 0 : 1)).map(argument => resolveArgument(argument, workingFolder))
}

/** Returns the absolute paths that a second instance has handed over; none when the data has another form. */
export function handedPaths(data: unknown): string[] {
  const paths = typeof data === 'object' && data !== null && 'paths' in data ? data.paths : undefined
  if (!Array.isArray(paths)) return []
  return boundedPaths(paths.filter(entry => typeof entry === 'string').filter(entry => path.isAbsolute(entry)))
}
