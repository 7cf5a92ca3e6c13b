import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Native binaries that may be packed: recorded from a package with locked integrity, or compiled on this machine. */

const ROOT = path.resolve(import.meta.dirname, '../..')
const RECORD = path.join(import.meta.dirname, 'native-files.json')

/** Output of node-gyp for zstd-napi, and the file that it leaves beside it; a downloaded binary has no such file. */
const COMPILED = 'zstd-napi/build/Release/binding.node'
const COMPILED_BY = 'zstd-napi/build/config.gypi'

export interface NativeRecord {
  package: string
  integrity: string
  files: Record<string, string>
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function lockedIntegrity(name: string, root = ROOT): string {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>
  }
  const integrity = packages[`node_modules/${name}`]?.integrity
  if (integrity === undefined) throw new Error(`package-lock.json has no integrity for ${name}.`)
  return integrity
}

/** Returns the SHA-256 of each packable binary by its path in node_modules. Throws for one of unknown origin. */
export function nativeFiles(root = ROOT): Record<string, string> {
  const record = JSON.parse(readFileSync(RECORD, 'utf8')) as NativeRecord
  if (record.integrity !== lockedIntegrity(record.package, root))
    throw new Error(
      `native-files.json was recorded for another release of ${record.package} than the lock file has. Run node electron/build/record-native-files.ts.`,
    )
  const modules = path.join(root, 'node_modules')
  for (const [name, hash] of Object.entries(record.files)) {
    const file = path.join(modules, name)
    if (existsSync(file) && sha256(readFileSync(file)) !== hash)
      throw new Error(`${file} is not the file of the locked package. Run npm ci.`)
  }
  return { ...record.files, ...compiledFile(modules) }
}

function compiledFile(modules: string): Record<string, string> {
  const file = path.join(modules, COMPILED)
  if (!existsSync(file)) return {}
  if (!existsSync(path.join(modules, COMPILED_BY)))
    throw new Error(`${file} was not compiled here. Remove node_modules/zstd-napi and run npm ci.`)
  return { [COMPILED]: sha256(readFileSync(file)) }
}
