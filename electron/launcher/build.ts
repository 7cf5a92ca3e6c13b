import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { isRunning } from '../../core/system/running.ts'
import { ROOT } from './folders.ts'

/** Inputs of dist/, and the files there whose times say when it was built. */
const SOURCES = ['renderer', 'core', 'electron/main', 'electron/preload', 'electron/build', 'package-lock.json']
const PRODUCTS = [
  'dist/renderer/index.html',
  'dist/main/main.cjs',
  'dist/preload/preload.cjs',
  'dist/renderer/third-party-notices.json',
]

const LEFT_OUT = /(^|[/\\])(fixtures|bench|[^/\\]*\.test\.tsx?|tsconfig\.json)([/\\]|$)/

const POLL_MS = 200

function modified(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs
  } catch {
    return undefined
  }
}

function newest(root: string, source: string): number {
  const path = join(root, source)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0
  const times = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !LEFT_OUT.test(join(entry.parentPath, entry.name).slice(root.length)))
    .map(entry => modified(join(entry.parentPath, entry.name)) ?? 0)
  return times.reduce((a, b) => Math.max(a, b), 0)
}

export function needsBuild(root: string): boolean {
  const built = PRODUCTS.map(product => modified(join(root, product)) ?? Number.NEGATIVE_INFINITY)
  const oldest = built.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  return SOURCES.some(source => newest(root, source) > oldest)
}

function takeLock(folder: string): boolean {
  const owner = join(folder, 'pid')
  try {
    mkdirSync(folder)
    writeFileSync(owner, String(process.pid))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const age = Date.now() - (modified(folder) ?? Date.now())
  let pid = Number.NaN
  try {
    pid = Number(readFileSync(owner, 'utf8'))
  } catch {
    // The owner has not written the file yet, or ended before it could.
  }
  const abandoned = Number.isNaN(pid) ? age > 5000 : !isRunning(pid)
  if (abandoned) rmSync(folder, { recursive: true, force: true })
  return false
}

function runBuild(root: string): Promise<void> {
  const ownCode = pathToFileURL(join(root, 'electron/own-code.mjs')).href
  const child = spawn(process.execPath, ['--import', ownCode, join(root, 'electron/build/build.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', status => {
      if (status === 0) resolve()
      else reject(new Error(output.trim() || `the build ended with status ${status}`))
    })
  })
}

/**
 * Builds dist/ when needed. Of several callers one builds and the others wait. Rejects with a failed build's output.
 */
export async function ensureBuilt(onStart: () => void): Promise<void> {
  const lock = join(ROOT, 'node_modules', '.cache', 'numpack-explorer-build.lock')
  while (needsBuild(ROOT)) {
    mkdirSync(join(lock, '..'), { recursive: true })
    if (!takeLock(lock)) {
      await wait(POLL_MS)
      continue
    }
    try {
      if (!needsBuild(ROOT)) return
      onStart()
      await runBuild(ROOT)
      return
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
}
