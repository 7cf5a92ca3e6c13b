/**
 * Whether looking at a path would log in at another machine, as Windows does with `\\host\share`, also to a host that is
 * out to collect passwords' hashes. Such a path is touched only when the user chooses it.
 */
export const isNetworkPath = (path: string, platform = process.platform): boolean =>
  platform === 'win32' && /^[\\/]{2}(?![.?][\\/][a-z]:)/i.test(path)
