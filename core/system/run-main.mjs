import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Plain JavaScript that every Node can parse: an old one prints what it needs instead of a syntax error.
const RUNS_TYPESCRIPT = existsSync(new URL('thread.ts', import.meta.url))
const NEEDED = RUNS_TYPESCRIPT ? '24' : '22.14'
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Runs `main(argv)` of the module that `load` imports; if this Node is too old, runs `script` in a newer one. */
export async function runMain(name, script, load) {
  // Node takes its signal handlers away before it ends by itself, and a second Ctrl-C would kill it there.
  process.once('beforeExit', () => process.exit())
  // The reader of the output may close it first (`npm start | head`), or its disk may be full.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
  if (isNewEnough()) {
    try {
      const keepCompiled = await reuseCompiled()
      const { main } = await load()
      await keepCompiled()
      process.exitCode = await main(process.argv.slice(2))
    } catch (error) {
      const message = String(error instanceof Error ? error.message : error).replace(/[^ -~]/g, '?')
      console.error(`${name} has to end: ${message}`)
      process.exitCode = 1
    }
    return
  }
  const node = packagedNode()
  if (node !== null) {
    runAgain(node, fileURLToPath(script))
    return
  }
  const remedy = RUNS_TYPESCRIPT ? 'Run "npm ci" (it brings one on Linux and Windows), or install it' : 'Install it'
  console.error(`${name} needs Node ${NEEDED} or newer; this is ${process.version}. ${remedy} from https://nodejs.org.`)
  process.exitCode = 2
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [neededMajor, neededMinor = 0] = NEEDED.split('.').map(Number)
  return major > neededMajor || (major === neededMajor && minor >= neededMinor)
}

/** Halves the start time. The resulting function creates a private folder for compiled code; call it after loading. */
async function reuseCompiled() {
  const { cacheFolder, isPrivateFolder } = await import('./own-folders.mjs')
  const cache = cacheFolder()
  if (cache === null) return async () => {}
  const folder = join(cache, 'compile')
  if (isPrivateFolder(folder)) {
    module.enableCompileCache(folder)
    return async () => {}
  }
  return async () => (await import('./compile-cache.ts')).makeCompileCache()
}

/** The project's own; outside an installed library, it would be anybody's. */
function packagedNode() {
  if (!RUNS_TYPESCRIPT) return null
  const windows = process.platform === 'win32'
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const program = fileURLToPath(new URL(`../../node_modules/${name}/bin/node${windows ? '.exe' : ''}`, import.meta.url))
  return existsSync(program) ? program : null
}

function runAgain(node, script) {
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  child.once('error', error => {
    console.error(`${node} can't be started (${error.message}).`)
    process.exitCode = 2
  })
  child.once('exit', (status, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
    process.exitCode = status ?? 1
  })
}
