import { randomUUID } from 'node:crypto'
import { lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder, PRIVATE_FILE } from '../../core/system/private-folder.ts'

/** Age of a file whose program was killed. Its browser has read it long ago. */
const LEFT_BEHIND_MS = 3_600_000

export interface RedirectFile {
  path: string
  remove(): void
}

const pageTo = (address: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>NumPack Explorer</title>
<p><a href="${address}">Open NumPack Explorer</a></p>
</html>
`

/** Writes a redirect page into a private folder: on a command line every user could read its address. Throws `IO`. */
export function writeRedirectFile(folder: string, address: string): RedirectFile {
  makePrivateFolder(folder)
  removeLeftovers(folder)
  const path = join(folder, `${randomUUID()}.html`)
  writeFileSync(path, pageTo(address), { flag: 'wx', mode: PRIVATE_FILE })
  return { path, remove: () => removeIfPossible(path) }
}

/** Best effort: its address works no more, and a later start removes what is left. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // On Windows a program that looks at new files may have it open.
  }
}

function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat?.isFile() && Date.now() - stat.mtimeMs > LEFT_BEHIND_MS) removeIfPossible(path)
  }
}
