import path from 'node:path'

/**
 * The stores that a command line asks for, as absolute paths. Switches are left out (Chromium has hundreds, and adds
 * some of its own); whatever follows `--` is a path. `packaged` is false when the first plain argument is the app itself
 * (`electron APP store.npk`).
 */
export function startPaths(argv: readonly string[], workingFolder: string, packaged: boolean): string[] {
  const given = argv.slice(1)
  const end = given.indexOf('--')
  const before = end < 0 ? given : given.slice(0, end)
  const after = end < 0 ? [] : given.slice(end + 1)
  const plain = [...before.filter(argument => !argument.startsWith('-')), ...after]
  return plain
    .slice(packaged ? 0 : 1)
    .filter(argument => argument !== '')
    .map(argument => path.resolve(workingFolder, argument))
}

/** The paths in what a second start handed over, or none when it is not a list of texts. */
export function handedPaths(data: unknown): string[] {
  const paths = typeof data === 'object' && data !== null && 'paths' in data ? data.paths : undefined
  return Array.isArray(paths) ? paths.filter(entry => typeof entry === 'string') : []
}
