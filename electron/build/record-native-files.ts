import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { lockedIntegrity, type NativeRecord, sha256 } from './native-files.ts'

/** Run after an update of better-sqlite3: writes native-files.json from its archive, checked against the lock file. */
const NAME = 'better-sqlite3'

const { version } = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, `../../node_modules/${NAME}/package.json`), 'utf8'),
) as { version: string }
const folder = mkdtempSync(path.join(tmpdir(), 'numpack-explorer-native-'))
try {
  execFileSync('npm', ['pack', '--silent', `${NAME}@${version}`], { cwd: folder })
  const archive = path.join(folder, readdirSync(folder)[0]!)
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (integrity !== lockedIntegrity(NAME))
    throw new Error(`${NAME} ${version} of the registry is not the one of the lock file.`)
  execFileSync('tar', ['-xzf', archive], { cwd: folder })
  const prebuilds = path.join(folder, 'package/prebuilds')
  const files = readdirSync(prebuilds)
    .sort()
    .map(name => [`${NAME}/prebuilds/${name}`, sha256(readFileSync(path.join(prebuilds, name)))] as const)
  const record: NativeRecord = { package: NAME, integrity, files: Object.fromEntries(files) }
  writeFileSync(path.join(import.meta.dirname, 'native-files.json'), `${JSON.stringify(record, null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
