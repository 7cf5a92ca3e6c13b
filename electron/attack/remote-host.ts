import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

const ANSWER_MS = 10_000

export class RemoteHost {
  readonly port: number
  readonly own: string
  readonly base: string
  readonly cookie: string
  readonly token: string
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: Interface
  readonly #folder: string

  private constructor(options: Pick<RemoteHost, 'port' | 'own' | 'base' | 'cookie' | 'token'>, program: HostProgram) {
    this.port = options.port
    this.own = options.own
    this.base = options.base
    this.cookie = options.cookie
    this.token = options.token
    this.#child = program.child
    this.#lines = program.lines
    this.#folder = program.folder
  }

  static async start(): Promise<RemoteHost> {
    const folder = mkdtempSync(join(tmpdir(), 'numpack-host-'))
    const child = spawn(process.execPath, [join(import.meta.dirname, 'host-program.ts'), folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface(child.stdout)
    const [address] = (await once(lines, 'line')) as [string]
    const url = new URL(address)
    const own = url.host
    const text = await exchange(
      Number(url.port),
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`,
    )
    const base = /^location: (.*)\r$/im.exec(text)?.[1] ?? ''
    const cookie = /^set-cookie: session=([^;\r]*)/im.exec(text)?.[1] ?? ''
    if (base === '' || cookie === '') throw new Error(`no session: ${text}`)
    const token = url.searchParams.get('token') ?? ''
    return new RemoteHost({ port: Number(url.port), own, base, cookie, token }, { child, lines, folder })
  }

  raw(bytes: string | Uint8Array): Promise<string> {
    return exchange(this.port, bytes)
  }

  page(path = this.base): Promise<string> {
    return this.raw(`GET ${path} HTTP/1.1\r\nHost: ${this.own}\r\nConnection: close\r\n\r\n`)
  }

  handshake(changes: Readonly<Record<string, string | null>> = {}, path = `${this.base}socket`): string {
    const headers: Record<string, string | null> = {
      Host: this.own,
      Origin: `http://${this.own}`,
      Cookie: `session=${this.cookie}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...changes,
    }
    const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\r\n`]))
    return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  }

  async openSocket(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(this.handshake())
    const [head] = (await once(socket, 'data')) as [Buffer]
    if (!head.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(head.toString('latin1'))
    return socket
  }

  async look(): Promise<{ descriptors: number; mebibytes: number }> {
    const line = once(this.#lines, 'line') as Promise<[string]>
    this.#child.stdin.write('look\n')
    return JSON.parse((await line)[0]) as { descriptors: number; mebibytes: number }
  }

  async interrupt(): Promise<{ status: number | null; ms: number }> {
    const started = performance.now()
    const ended = once(this.#child, 'close') as Promise<[number | null]>
    this.#child.kill('SIGINT')
    const [status] = await ended
    return { status, ms: performance.now() - started }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  remove(): void {
    this.#child.kill('SIGKILL')
    removeFolder(this.#folder)
  }
}

interface HostProgram {
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  readonly lines: Interface
  readonly folder: string
}

function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setTimeout(ANSWER_MS, () => {
      socket.destroy()
      reject(new Error(`the connection stays open; so far it said: ${text}`))
    })
    socket.on('data', data => (text += data.toString('latin1')))
    // A reset connection has sent all that it will.
    socket.on('error', () => resolve(text))
    socket.on('close', () => resolve(text))
  })
}
