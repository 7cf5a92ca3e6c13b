import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')
const MODULES = path.join(ROOT, 'node_modules')
export const PROGRAMS = path.join(import.meta.dirname, 'programs')

/** Programs of Node that the library must run on: this one, and those of `OLDER_NODES`, a list like PATH. */
const OLDER = (process.env['OLDER_NODES'] ?? '').split(path.delimiter).filter(Boolean)
export const NODES = [process.execPath, ...OLDER]
export const noOlderNode = OLDER.length > 0 ? null : 'OLDER_NODES names no Node 22 (CONTRIBUTING.md)'

export interface Run {
  status: number | null
  stdout: string
  stderr: string
}

export function run(program: string, args: readonly string[], cwd: string, node = process.execPath): Run {
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH']}` }
  // The settings of `npm test` are not those of somebody who installs the library.
  for (const name of Object.keys(env)) if (/^npm_|^NODE_/i.test(name)) Reflect.deleteProperty(env, name)
  const shell = process.platform === 'win32' && program !== node
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, shell, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** As `run`. Throws if the program fails. */
export function runWell(program: string, args: readonly string[], cwd: string, node?: string): string {
  const { status, stdout, stderr } = run(program, args, cwd, node)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`)
  return stdout
}

export const majorOf = (node: string): string => runWell(node, ['-p', 'process.version'], ROOT).trim()

/** Returns the folders of installed packages and of all that they need. */
function withDependencies(names: readonly string[], found = new Set<string>()): string[] {
  for (const name of names) {
    const folder = path.join(MODULES, name)
    if (found.has(folder)) continue
    found.add(folder)
    const { dependencies = {} } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    }
    withDependencies(Object.keys(dependencies), found)
  }
  return [...found]
}

export interface Tarball {
  file: string
  /** Paths in the package. */
  contents: string[]
  manifest: Record<string, unknown> & { dependencies: Record<string, string> }
}

/** Builds the package and packs it into `folder`. */
export function packLibrary(folder: string): Tarball {
  const built = path.join(folder, 'built')
  runWell(process.execPath, [path.join(ROOT, 'core/build-library.ts'), built], ROOT)
  const [packed] = JSON.parse(runWell('npm', ['pack', '--json', '--silent', built], folder)) as [
    { filename: string; files: { path: string }[] },
  ]
  return {
    file: path.join(folder, packed.filename),
    contents: packed.files.map(file => file.path).toSorted(),
    manifest: JSON.parse(readFileSync(path.join(built, 'package.json'), 'utf8')) as Tarball['manifest'],
  }
}

/** Makes a project with the package and the sample store in it. What the package needs comes from this repository's modules. */
export function installLibrary({ file, manifest }: Tarball, project: string, more: readonly string[] = []): void {
  mkdirSync(project)
  writeFileSync(path.join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const folders = withDependencies([...Object.keys(manifest.dependencies), ...more])
  const options = ['--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund']
  runWell('npm', ['install', ...options, file, ...folders], project)
  cpSync(path.join(ROOT, 'assets/sample.npk'), path.join(project, 'assets/sample.npk'), { recursive: true })
}
