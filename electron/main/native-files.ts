import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Native binaries are the only code of the packed app outside its archive, which the program checks itself: the system
 * can't load them from inside. Their SHA-256 are in the archive, set by the build.
 */
declare const NATIVE_FILES: Readonly<Record<string, string>>

/** Where dist/main lies in a packed app, and where what the system opens lies instead. */
const outsideArchive = (folder: string): string => folder.replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`)

const locate = (folder: string, name: string): string =>
  path.join(outsideArchive(folder), '../../node_modules', ...name.split('/'))

/** The sentence that refuses a binary which is not the one of the build; null where it is, or isn't there. */
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

/** On macOS signing changes binaries after the build, and the signature of the whole app covers them. */
const areSigned = process.platform === 'darwin'

/** What is wrong with the binaries of a packed app whose dist/main is `folder`: a sentence each. */
export const nativeProblems = (folder: string, files = NATIVE_FILES): string[] =>
  areSigned ? [] : Object.entries(files).flatMap(([name, hash]) => problemOf(locate(folder, name), hash) ?? [])

/** Loads a binary by its path in node_modules. One that changed since the build of a packed app is refused. */
export function loadNative(folder: string, name: string): unknown {
  const file = locate(folder, name)
  const problem = outsideArchive(folder) === folder || areSigned ? null : problemOf(file, NATIVE_FILES[name])
  if (problem !== null) throw new Error(problem)
  const loaded = { exports: {} }
  process.dlopen(loaded, file)
  return loaded.exports
}
