import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { fetchLoopback } from '../../core/test-support/fetch-loopback.ts'
import { asUser, ATTACKER, noUsers, runAs, VICTIM } from '../../core/test-support/users.ts'
import { ensureBuilt } from './build.ts'
import { ROOT } from './folders.ts'

const TOKEN = /token=[\w-]{43}/
const ADDRESS = /http:\/\/[\da-f]{32}\.localhost:\d+\/\?token=[\w-]+/

let folder: string
let home: string
let children: ChildProcess[]

beforeAll(() => ensureBuilt(() => {}), 120_000)

beforeEach(ctx => {
  if (process.platform !== 'linux') ctx.skip('the stand-in for a browser is a shell script')
  folder = mkdtempSync(join(tmpdir(), 'browser-address-'))
  chmodSync(folder, 0o755)
  home = join(folder, 'home')
  mkdirSync(home)
  children = []
  const programs = join(folder, 'bin')
  mkdirSync(programs)
  for (const name of ['xdg-mime', 'run-mailcap', 'mimeopen']) writeScript(join(programs, name), 'exit 1')
  writeScript(join(folder, 'browser'), `cat "$1" > "$HOME/page"; echo "$1" > "$HOME/argument"; ${UNTIL_GONE}`)
  return () => {
    for (const child of children) child.kill('SIGKILL')
    writeFileSync(join(home, 'go'), '')
    removeFolder(folder)
  }
})

/** Keeps a stand-in for a browser running until the test ends. */
const UNTIL_GONE = 'while [ -d "$HOME" ] && [ ! -e "$HOME/go" ]; do sleep 0.05; done'

function writeScript(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}

function start(command: readonly string[] = [], env: Record<string, string> = {}) {
  const [program, ...args] = [...command, process.execPath, join(ROOT, 'electron/start.mjs'), '--browser']
  const { CI: _, WAYLAND_DISPLAY: _w, INIT_CWD: _i, XDG_DATA_HOME: _d, XDG_CURRENT_DESKTOP: _c, ...rest } = process.env
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      ...rest,
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      DISPLAY: ':99',
      BROWSER: join(folder, 'browser'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<number | string | null>(resolve => child.once('exit', (code, by) => resolve(code ?? by)))
  return { child, ended, output: () => output }
}

/** Returns the argument of the browser and the text of the file that it names. Waits until the browser has started. */
async function givenToBrowser(): Promise<{ argument: string; page: string }> {
  await vi.waitUntil(() => existsSync(join(home, 'argument')), { timeout: 60_000 })
  await vi.waitUntil(() => readFileSync(join(home, 'argument'), 'utf8').endsWith('\n'))
  return {
    argument: readFileSync(join(home, 'argument'), 'utf8').trim(),
    page: readFileSync(join(home, 'page'), 'utf8'),
  }
}

const addressIn = (text: string): string => ADDRESS.exec(text)?.[0] ?? ''

const openAs = async (address: string): Promise<number> => (await fetchLoopback(address)).status

/** Returns the command lines and environments of all processes, as far as a user may read them. */
const seenBy = (uid: number): string => runAs(uid, ['sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ']).stdout

describe('the browser', () => {
  test('the browser is given a private file with an address that works once', async () => {
    const run = start()
    const { argument, page } = await givenToBrowser()
    expect(argument).not.toMatch(TOKEN)
    expect(argument.startsWith(join(home, '.local/share/numpack-explorer/browser/'))).toBe(true)
    expect(statSync(argument).mode & 0o777).toBe(0o600)
    expect(statSync(join(argument, '..')).mode & 0o777).toBe(0o700)
    const address = addressIn(page)
    const printed = addressIn(run.output())
    expect(page).toContain(`content="0; url=${address}"`)
    expect(printed).not.toBe(address)
    expect(await openAs(address)).toBe(303)
    expect(existsSync(argument)).toBe(false)
    expect(await openAs(address)).toBe(401)
    expect(await openAs(printed)).toBe(303)
    expect(await openAs(printed)).toBe(401)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
  })

  test('the file is removed at the end when the browser never opened it', async () => {
    const run = start()
    const { argument } = await givenToBrowser()
    expect(existsSync(argument)).toBe(true)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
    expect(readdirSync(join(argument, '..'))).toEqual([])
  })

  test('the file of a killed program is removed by the next start', async () => {
    const files = join(home, '.local/share/numpack-explorer/browser')
    mkdirSync(files, { recursive: true })
    for (const name of ['old.html', 'new.html']) writeFileSync(join(files, name), '')
    mkdirSync(join(files, 'old'))
    for (const name of ['old.html', 'old']) utimesSync(join(files, name), 1e9, 1e9)
    const run = start()
    await givenToBrowser()
    expect(readdirSync(files)).toEqual(expect.arrayContaining(['new.html', 'old']))
    expect(readdirSync(files)).not.toContain('old.html')
    run.child.kill('SIGTERM')
    await run.ended
  })

  test("the browser is not opened when its file can't be private, and the printed address works", async () => {
    const data = join(home, '.local/share/numpack-explorer')
    mkdirSync(data, { recursive: true })
    writeFileSync(join(data, 'browser'), '')
    const run = start()
    await vi.waitUntil(() => run.output().includes('Press Ctrl-C'), { timeout: 60_000 })
    expect(await openAs(addressIn(run.output()))).toBe(303)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(existsSync(join(home, 'argument'))).toBe(false)
  })
})

describe('another user of the machine', () => {
  beforeEach(ctx => {
    const reason = noUsers()
    if (reason !== null) ctx.skip(reason)
    chownSync(home, VICTIM, VICTIM)
  })

  test("another user finds the token on no command line and can't read the file with the address", async () => {
    const run = start(asUser(VICTIM))
    const { argument, page } = await givenToBrowser()
    const [token = ''] = TOKEN.exec(page) ?? []
    expect(token).not.toBe('')
    const seen = seenBy(ATTACKER)
    expect(seen).toContain(argument)
    expect(seen).not.toContain('token=')
    expect(seen).not.toContain(token.slice('token='.length))
    expect(seenBy(VICTIM)).not.toContain(token)
    expect(runAs(ATTACKER, ['cat', argument]).status).not.toBe(0)
    expect(runAs(ATTACKER, ['ls', join(argument, '..')]).status).not.toBe(0)
    expect(statSync(argument).uid).toBe(VICTIM)
    run.child.kill('SIGKILL')
  })

  test("another user's folder in the place of the file folder is not used", async () => {
    const data = join(home, '.local/share/numpack-explorer')
    mkdirSync(join(data, 'browser'), { recursive: true })
    for (const path of [join(home, '.local'), join(home, '.local/share'), data]) chownSync(path, VICTIM, VICTIM)
    chownSync(join(data, 'browser'), ATTACKER, ATTACKER)
    chmodSync(join(data, 'browser'), 0o777)
    const run = start(asUser(VICTIM))
    await vi.waitUntil(() => run.output().includes('Press Ctrl-C'), { timeout: 60_000 })
    run.child.kill('SIGINT')
    await run.ended
    expect(readdirSync(join(data, 'browser'))).toEqual([])
    expect(existsSync(join(home, 'argument'))).toBe(false)
  })
})
