/** Touch such a path only when the user chooses it: Windows logs in at the host, which may collect password hashes. */
export const isNetworkPath = (path: string, platform: string): boolean =>
  platform === 'win32' && /^[\\/]{2}(?![.?][\\/][a-z]:)/i.test(path)
