import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { fetchLoopback, type LoopbackAnswer } from '../../core/test-support/fetch-loopback.ts'
import { ROOT, SAMPLE_STORE } from './folders.ts'

const STORES = join(ROOT, 'core', 'fixtures', 'stores')

let folder: string
const running = new Set<ChildProcess>()

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'start-')))
})

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

afterAll(() => removeFolder(folder))

interface Run {
  child: ChildProcess
  output(): string
  complaints(): string
  says(pattern: RegExp): Promise<string>
  ended: Promise<number | string | null>
}

interface StartOptions {
  cwd?: string
  env?: Record<string, string>
  command?: string[]
  stdin?: 'ignore' | 'pipe'
}

function start(argv: string[], { cwd = folder, env = {}, command, stdin = 'ignore' }: StartOptions = {}): Run {
  const { DISPLAY: _d, WAYLAND_DISPLAY: _w, INIT_CWD: _i, ...rest } = process.env
  const plain = [process.execPath, join(ROOT, 'electron', 'start.mjs'), ...argv]
  const [program = '', ...args] = command?.[0] === 'script' ? command : [...(command ?? []), ...plain]
  const child = spawn(program, args, {
    cwd,
    env: { ...rest, BROWSER: 'none', XDG_DATA_HOME: join(folder, 'data'), ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  let complaints = ''
  const listeners = new Set<() => void>()
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const listener of listeners) listener()
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const ended = new Promise<number | string | null>(resolve => {
    child.once('close', (status, signal) => resolve(status ?? signal))
  })
  const says = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output)
        if (match) resolve(match[0])
      }
      listeners.add(look)
      look()
      void ended.then(status => reject(new Error(`ended with ${status}: ${output}${complaints}`)))
    })
  return { child, output: () => output, complaints: () => complaints, says, ended }
}

/** Ends at white space, so that an address that is still being written does not match. */
const ADDRESS = /http:\/\/[\da-f]{32}\.localhost:\d+\/\?token=[\w-]+(?=\s)/

const COMMAND = `'${process.execPath}' '${join(ROOT, 'electron', 'start.mjs')}' --browser`
const onTerminal = (text: string): Run =>
  start([], { command: ['script', '-qec', text, '/dev/null'], stdin: 'pipe', env: { SHELL: '/bin/sh' } })
const addresses = (run: Run): string[] => run.output().match(new RegExp(ADDRESS, 'g')) ?? []

describe('starts without a window', () => {
  test('--version prints the version', async () => {
    const run = start(['--version'])
    expect(await run.ended).toBe(0)
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(run.output()).toBe(`${version}\n`)
  })

  test('--help names every option', async () => {
    const run = start(['--help'])
    expect(await run.ended).toBe(0)
    for (const option of ['PATH', '--browser', '--port', '--help', '--version']) expect(run.output()).toContain(option)
  })

  test.each([
    ['an option that isn’t there', ['--brwoser'], '--brwoser'],
    ['a port that is none', ['--port', 'eighty'], 'eighty'],
    ['a path that isn’t there', ['nowhere.npk'], 'nowhere.npk is not there'],
    ['a folder that is no store', ['.'], 'metadata.npkm'],
    ['a file that is no store', [join(ROOT, 'package.json')], 'not a NumPack store'],
    ['a name that would steer the terminal', ['e\u001b[31mvil.npk'], 'e\\u{1b}[31mvil.npk is not there'],
  ])('%s prints one line and ends with status 2', async (_, argv, named) => {
    const run = start(argv)
    expect(await run.ended).toBe(2)
    expect(run.complaints()).toContain(named)
    expect(run.complaints().trim().split('\n')).toHaveLength(1)
    expect(run.complaints()).not.toContain('\u001b')
    expect(run.output()).toBe('')
  })

  test('a damaged store ends the browser host with one line and status 2', async () => {
    const run = start(['--browser', join(STORES, 'damaged', 'wrong-magic.npk')])
    expect(await run.ended).toBe(2)
    expect(run.complaints()).toMatch(/^.*wrong-magic\.npk.*not NumPack metadata.*\n$/)
  })

  test('a file that is a package by name only is refused', async () => {
    const file = join(folder, 'data.npkg')
    writeFileSync(file, 'Not a package at all.')
    const run = start(['--browser', file])
    expect(await run.ended).toBe(2)
    expect(run.complaints()).toMatch(/data\.npkg.*not a NumPack package.*\n$/)
  })
})

describe('the browser host', () => {
  test('the browser host serves the sample store at the printed address and ends with status 0 on Ctrl-C', async () => {
    const run = start(['--browser'])
    const page = await openPage(await run.says(ADDRESS))
    expect(page.status).toBe(200)
    expect(page.body).toContain('<div id="root"')
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(run.complaints()).toBe('')
  })

  test('the browser host ends on Ctrl-C whatever is connected to it', async () => {
    const run = start(['--browser'])
    const address = new URL(await run.says(ADDRESS))
    const port = Number(address.port)
    const halfOpen = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {})
    halfOpen.write(`GET /x HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    await once(halfOpen, 'data')
    const idle = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {})
    await once(idle, 'connect')
    const frozen = await openSocket(address)
    frozen.pause()
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    for (const client of [halfOpen, idle]) client.destroy()
    frozen.terminate()
  })

  test('the browser host ends with status 0 however often Ctrl-C comes until it has ended', async () => {
    const run = start(['--browser'])
    await run.says(/Ctrl-C/)
    run.child.kill('SIGINT')
    const again = setInterval(() => run.child.kill('SIGINT'), 1)
    expect(await run.ended).toBe(0)
    clearInterval(again)
  })

  test('the browser host serves the page when more programs connect than it may open files', async ctx => {
    ctx.skip(process.platform === 'win32', 'Windows has no ulimit')
    const run = start(['--browser'], { command: ['sh', '-c', 'ulimit -n 1024 && exec "$0" "$@"'] })
    const address = await run.says(ADDRESS)
    const { port, host } = new URL(address)
    const clients = Array.from({ length: 1500 }, () =>
      connect({ port: Number(port), host: '127.0.0.1' }).on('error', () => {}),
    )
    await Promise.all(clients.map(client => once(client, 'connect')))
    for (const client of clients)
      client.write(`GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    const page = await openPage(address)
    expect(page.status).toBe(200)
    expect(page.body).toContain('<div id="root"')
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    for (const client of clients) client.destroy()
  })

  test('the browser host survives an unexpected failure and prints one line about it', async () => {
    const preload = join(folder, 'fail.mjs')
    writeFileSync(
      preload,
      `process.on('SIGUSR2', () => {
        setImmediate(() => { throw new Error('a \\u001b[31mbug') })
        Promise.reject(new Error('another'))
      })`,
    )
    const run = start(['--browser'], { env: { NODE_OPTIONS: `--import=${preload}` } })
    const address = await run.says(ADDRESS)
    await run.says(/Ctrl-C/)
    run.child.kill('SIGUSR2')
    await vi.waitUntil(() => run.complaints().split('\n').length === 3, { timeout: 20_000 })
    expect(run.complaints().split('\n').sort()).toEqual([
      '',
      'Something failed that was not expected: a \\u{1b}[31mbug',
      'Something failed that was not expected: another',
    ])
    expect((await openPage(address)).status).toBe(200)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
  })

  describe('on a terminal', () => {
    beforeEach(ctx => {
      if (spawnSync('script', ['--version']).error) ctx.skip("there is no command 'script' to make a terminal with")
    })

    test('Enter on the terminal prints another address', async () => {
      // Without 'exec', Ctrl-C also reaches a shell that waits, and that shell reports 130 for itself.
      const run = onTerminal(`exec ${COMMAND}`)
      const first = await run.says(ADDRESS)
      await run.says(/Press Enter for another one/)
      run.child.stdin!.write('\n')
      await vi.waitUntil(() => addresses(run).length > 1, { timeout: 20_000 })
      const second = addresses(run)[1]!
      expect(second).not.toBe(first)
      for (const address of [second, first]) expect((await openPage(address)).status).toBe(200)
      expect((await openPage(first)).status).toBe(401)
      run.child.stdin!.write('\u0003')
      expect(await run.ended).toBe(0)
    })

    test('the browser host reads no keys in the background, where the system would stop it', async () => {
      const run = onTerminal(`set -m; ${COMMAND} & echo "pid $!"; read line; echo "the shell has read"; wait`)
      const pid = Number((await run.says(/pid \d+/)).slice('pid '.length))
      const address = await run.says(ADDRESS)
      await run.says(/Press Ctrl-C/)
      run.child.stdin!.write('\n')
      await run.says(/the shell has read/)
      expect((await openPage(address)).status).toBe(200)
      expect(addresses(run)).toEqual([address])
      process.kill(pid, 'SIGTERM')
      await run.ended
    })
  })

  test('a port that is taken ends the start with one line and status 2', async () => {
    const port = await freePort()
    const first = start(['--browser', '--port', String(port)])
    expect(await first.says(ADDRESS)).toContain(`:${port}/`)
    const second = start(['--browser', '--port', String(port)])
    expect(await second.ended).toBe(2)
    expect(second.complaints()).toMatch(new RegExp(`^Port ${port} is in use[^\n]*\n$`))
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
  })

  test('a start opens the good paths and names the bad ones', async () => {
    const run = start(['--browser', 'nowhere.npk', SAMPLE_STORE])
    await run.says(ADDRESS)
    expect(run.complaints()).toBe(`${join(folder, 'nowhere.npk')} is not there.\n`)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  })

  test('paths are relative to the folder where npm was called', async () => {
    const run = start(['--browser', 'deleted.npk/'], { cwd: ROOT, env: { INIT_CWD: STORES } })
    await run.says(ADDRESS)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
    expect(run.complaints()).toBe('')
  })
})

function program(script: string): { env: Record<string, string>; log: string } {
  const dist = mkdtempSync(join(folder, 'electron-'))
  const log = join(dist, 'log')
  const path = join(dist, 'electron')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return { env: { ELECTRON_OVERRIDE_DIST_PATH: dist, DISPLAY: ':99', LOG: log, ELECTRON_RUN_AS_NODE: '1' }, log }
}

describe('the desktop window', () => {
  beforeEach(ctx => ctx.skip(process.platform !== 'linux', 'the stand-in for Electron is a shell script'))

  test('without a screen the start says why and serves the window to a browser', async () => {
    const run = start([])
    await run.says(ADDRESS)
    expect(run.output()).toMatch(/The desktop window can't be shown: there is no screen[^\n]*\n/)
    expect(run.complaints()).toBe('')
  })

  test('Electron gets the app and absolute paths, never runs as plain Node, and its status is passed on', async () => {
    const { env, log } = program(`printf '%s\\n' "$@" "node:$ELECTRON_RUN_AS_NODE" > "$LOG"; exit 2`)
    const run = start(['deleted.npk', SAMPLE_STORE], { cwd: STORES, env })
    expect(await run.ended).toBe(2)
    expect(readFileSync(log, 'utf8').split('\n')).toEqual([
      ROOT,
      join(STORES, 'deleted.npk'),
      SAMPLE_STORE,
      'node:',
      '',
    ])
  })

  test('a desktop window that is asked to quit quits', async () => {
    const { env } = program(`echo up; trap 'exit 7' TERM; while :; do sleep 0.05; done`)
    const run = start([], { env })
    await run.says(/up/)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  })

  test('a desktop window that ends at once is replaced by the browser host', async () => {
    const { env } = program('kill -TRAP $$')
    const run = start([], { env })
    await run.says(ADDRESS)
    expect(run.output()).toMatch(/can't be shown: Electron ended at once \(SIGTRAP\)/)
  })

  test('a failed download of Electron is announced and replaced by the browser host', async ctx => {
    ctx.skip(existsSync(join(ROOT, 'node_modules/electron/path.txt')), 'Electron was downloaded already')
    const cache = join(folder, 'cache')
    mkdirSync(cache)
    const env = { DISPLAY: ':99', ELECTRON_MIRROR: 'http://127.0.0.1:1/', electron_config_cache: cache }
    const run = start([], { env })
    await run.says(ADDRESS)
    expect(run.output()).toMatch(/^Downloading Electron [\d.]+/m)
    expect(run.output()).toMatch(/can't be shown: Electron could not be downloaded \([^\n]+\)/)
    expect(run.complaints()).toBe('')
  })
})

const oldNodes = ['/usr/bin/node', '/usr/local/bin/node'].filter(node => {
  const { status, stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
  return status === 0 && Number.parseInt(stdout, 10) < 24
})

describe.each(oldNodes)('%s as an old Node', node => {
  test('an old Node hands over to the bundled one', () => {
    const run = spawnSync(node, [join(ROOT, 'electron', 'start.mjs'), '--version'], { encoding: 'utf8' })
    expect([run.status, run.stderr]).toEqual([0, ''])
    expect(run.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('an old Node without a bundled one prints one line about what is needed', () => {
    const files = ['electron/start.mjs', 'electron/own-code.mjs', 'core/system/run-main.mjs', 'core/system/thread.ts']
    for (const file of files) cpSync(join(ROOT, file), join(folder, file))
    const run = spawnSync(node, [join(folder, 'electron/start.mjs')], { encoding: 'utf8' })
    expect(run.status).toBe(2)
    expect(run.stderr).toMatch(/^NumPack Explorer needs Node 24 or newer; this is v\d+[^\n]*\n$/)
    expect(run.stdout).toBe('')
  })
})

const openPage = (address: string): Promise<LoopbackAnswer> => fetchLoopback(address, { follow: true })

async function openSocket(address: URL): Promise<WebSocket> {
  const answer = await fetchLoopback(address)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const path = `ws://127.0.0.1:${address.port}${answer.headers.get('location')}socket`
  const socket = new WebSocket(path, { headers: { host: address.host, cookie, origin: address.origin } })
  await once(socket, 'open')
  return socket
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
