import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** SHA-256 of the native binaries, which the system can't load from inside the archive. */
declare const NATIVE_FILES: Readonly<Record<string, string>>

const outsideArchive = (folder: string): string => folder.replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`)

const locate = (folder: string, name: string): string =>
  path.join(outsideArchive(folder), '../../node_modules', ...name.split('/'))

/** Returns why a binary is refused because it differs from the build's; null when it is right or missing. */
function problemOf(file: string, hash: string | undefined): string | null {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : `${file} can't be read: ${String(error)}`
  }
  if (createHash('sha256').update(bytes).digest('hex') === hash) return null
  return `${file} is not the file that this program was built with. Install NumPack Explorer again.`
}

/** On macOS signing changes binaries after the build; the signature of the app covers them. */
const areSigned = process.platform === 'darwin'

export const nativeProblems = (folder: string, files = NATIVE_FILES): string[] =>
  areSigned ? [] : Object.entries(files).flatMap(([name, hash]) => problemOf(locate(folder, name), hash) ?? [])

/** Loads a binary by its path in node_modules. In a packed app refuses one that changed since the build. */
export function loadNative(folder: string, name: string): unknown {
  const file = locate(folder, name)
  const problem = outsideArchive(folder) === folder || areSigned ? null : problemOf(file, NATIVE_FILES[name])
  if (problem !== null) throw new Error(problem)
  const loaded = { exports: {} }
  process.dlopen(loaded, file)
  return loaded.exports
}
