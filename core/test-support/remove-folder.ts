import { rmSync } from 'node:fs'

/** Removes a folder with all it holds, if there is one. Tries again while somebody else still writes into it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
}
