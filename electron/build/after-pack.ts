import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { nativeFiles, sha256 } from './native-files.ts'

interface PackedApp {
  appOutDir: string
  packager: { getResourcesDir(appOutDir: string): string }
}

function unpackedFiles(resources: string): string[] {
  const folder = path.join(resources, 'app.asar.unpacked')
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => !entry.isDirectory())
      .map(entry => path.join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Hook of electron-builder. Throws when a file beside the archive is not a native binary of known origin. */
export default function afterPack({ appOutDir, packager }: PackedApp): void {
  const resources = packager.getResourcesDir(appOutDir)
  const known = nativeFiles()
  const modules = path.join(resources, 'app.asar.unpacked', 'node_modules')
  for (const file of unpackedFiles(resources)) {
    const name = path.relative(modules, file).replaceAll(path.sep, '/')
    if (!Object.hasOwn(known, name) || known[name] !== sha256(readFileSync(file)))
      throw new Error(`${file} must not be packed: where it comes from is not known (electron/build/native-files.ts).`)
  }
}
