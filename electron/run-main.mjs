import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Plain JavaScript that every Node can parse: an old one prints what it needs instead of a syntax error.
const NEEDED = 24
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Runs `main(argv)` of the module that `load` imports; if this Node is too old, runs `script` in a newer one. */
export async function runMain(script, load) {
  // Node takes its signal handlers away before it ends by itself, and a second Ctrl-C would kill it there.
  process.once('beforeExit', () => process.exit())
  // The reader of the output may close it first (`npm start | head`), or its disk may be full.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
  if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
    try {
      const keepCompiled = await reuseCompiled()
      const { main } = await load()
      await keepCompiled()
      process.exitCode = await main(process.argv.slice(2))
    } catch (error) {
      const message = String(error instanceof Error ? error.message : error).replace(/[^ -~]/g, '?')
      console.error(`NumPack Explorer has to end: ${message}`)
      process.exitCode = 1
    }
    return
  }
  const node = packagedNode()
  if (node !== null) {
    runAgain(node, fileURLToPath(script))
    return
  }
  console.error(
    `NumPack Explorer needs Node ${NEEDED} or newer; this is ${process.version}. Run "npm ci" (it brings one on Linux and Windows), or install it from https://nodejs.org.`,
  )
  process.exitCode = 2
}

/** Halves the start time. The resulting function creates a private folder for compiled code; call it after loading. */
async function reuseCompiled() {
  const { cacheFolder, isPrivateFolder } = await import('../core/system/own-folders.mjs')
  const cache = cacheFolder()
  if (cache === null) return async () => {}
  const folder = join(cache, 'compile')
  if (isPrivateFolder(folder)) {
    module.enableCompileCache(folder)
    return async () => {}
  }
  return async () => (await import('../core/system/compile-cache.ts')).makeCompileCache()
}

function packagedNode() {
  const windows = process.platform === 'win32'
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const program = fileURLToPath(new URL(`../node_modules/${name}/bin/node${windows ? '.exe' : ''}`, import.meta.url))
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
