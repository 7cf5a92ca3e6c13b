import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RemoteHost } from './remote-host.ts'

let host: RemoteHost

beforeAll(async () => {
  host = await RemoteHost.start()
})

afterAll(() => host.remove())

const statusOf = (answer: string): number | null => {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]
  return status === undefined ? null : Number(status)
}

function expectRefusal(answer: string, statuses: readonly (number | null)[], what: string): void {
  expect(statuses, `${what}: ${answer.slice(0, 200)}`).toContain(statusOf(answer))
  expect(answer, what).not.toMatch(/<title>|set-cookie|secret|101 Switching/i)
}

const request = (line: string, headers: readonly string[], body = ''): string =>
  `${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`

const withHost = (...hosts: string[]): string =>
  request(
    `GET ${host.base} HTTP/1.1`,
    hosts.map(name => `Host: ${name}`),
  )

/** [name, bytes, allowed statuses]; null stands for a connection that is closed without an answer. */
const RAW: [string, () => string | Uint8Array, (number | null)[]][] = [
  ['no Host', () => request(`GET ${host.base} HTTP/1.1`, []), [400, 403]],
  ['an empty Host', () => withHost(''), [400, 403]],
  ['a foreign Host', () => withHost('evil.example'), [403]],
  ['a foreign Host with the port', () => withHost(`evil.example:${host.port}`), [403]],
  ['the Host 127.0.0.1', () => withHost(`127.0.0.1:${host.port}`), [403]],
  ['the Host localhost', () => withHost(`localhost:${host.port}`), [403]],
  ['another subdomain of localhost', () => withHost(`other.localhost:${host.port}`), [403]],
  ['a subdomain of the own Host', () => withHost(`evil.${host.own}`), [403]],
  ['a Host in capitals', () => withHost(host.own.toUpperCase()), [403]],
  ['a Host with a dot at its end', () => withHost(host.own.replace(':', '.:')), [403]],
  ['a Host with a port that is no number', () => withHost(`${host.own}a`), [403]],
  ['an IPv6 Host', () => withHost(`[::1]:${host.port}`), [403]],
  ['the Host 0.0.0.0', () => withHost(`0.0.0.0:${host.port}`), [403]],
  ['a short Host', () => withHost(`127.1:${host.port}`), [403]],
  ['a Host with a user', () => withHost(`evil@${host.own}`), [400, 403]],
  ['a foreign Host before the own', () => withHost('evil.example', host.own), [400, 403]],
  ['the own Host with a foreign one in it', () => withHost(`${host.own}, evil.example`), [400, 403]],
  [
    'an absolute address of another host',
    () => request('GET http://evil.example/ HTTP/1.1', [`Host: ${host.own}`]),
    [400, 401, 403],
  ],
  [
    'an absolute address of the page',
    () => request(`GET http://${host.own}${host.base} HTTP/1.1`, [`Host: ${host.own}`]),
    [400, 401],
  ],
  ['CONNECT', () => request('CONNECT evil.example:80 HTTP/1.1', [`Host: ${host.own}`]), [null, 400, 405]],
  ['TRACE', () => request(`TRACE ${host.base} HTTP/1.1`, [`Host: ${host.own}`]), [405]],
  ['OPTIONS *', () => request('OPTIONS * HTTP/1.1', [`Host: ${host.own}`]), [405]],
  ['an unknown method', () => request(`HACK ${host.base} HTTP/1.1`, [`Host: ${host.own}`]), [400]],
  [
    'POST with a body',
    () => request(`POST ${host.base} HTTP/1.1`, [`Host: ${host.own}`, 'Content-Length: 4'], 'abcd'),
    [405],
  ],
  [
    'smuggling: length and chunks',
    () =>
      request(
        'POST / HTTP/1.1',
        [`Host: ${host.own}`, 'Content-Length: 4', 'Transfer-Encoding: chunked'],
        `0\r\n\r\nGET ${host.base} HTTP/1.1\r\nHost: ${host.own}\r\n\r\n`,
      ),
    [400],
  ],
  [
    'smuggling: two lengths',
    () => request('POST / HTTP/1.1', [`Host: ${host.own}`, 'Content-Length: 4', 'Content-Length: 5'], 'abcd'),
    [400],
  ],
  ['smuggling: a length below 0', () => request('POST / HTTP/1.1', [`Host: ${host.own}`, 'Content-Length: -1']), [400]],
  [
    'smuggling: an unknown coding',
    () => request('POST / HTTP/1.1', [`Host: ${host.own}`, 'Transfer-Encoding: xchunked'], 'abcd'),
    [400, 405, 501],
  ],
  [
    'smuggling: a space before a colon',
    () => request('POST / HTTP/1.1', [`Host: ${host.own}`, 'Transfer-Encoding : chunked'], '0\r\n\r\n'),
    [400],
  ],
  ['lines that end with LF alone', () => `GET ${host.base} HTTP/1.1\nHost: ${host.own}\nConnection: close\n\n`, [400]],
  [
    'a header over two lines',
    () => request(`GET / HTTP/1.1`, [`Host: ${host.own}`, 'X-A: b', ' folded: c']),
    [400, 401],
  ],
  ['NUL in a header', () => request(`GET ${host.base} HTTP/1.1`, [`Host: ${host.own}`, 'X-A: b\0c']), [400]],
  ['NUL in the path', () => request(`GET ${host.base}\0 HTTP/1.1`, [`Host: ${host.own}`]), [400, 404]],
  [
    'a header of 20 KB',
    () => request(`GET ${host.base} HTTP/1.1`, [`Host: ${host.own}`, `X-A: ${'a'.repeat(20_000)}`]),
    [431],
  ],
  [
    'an address of 100 KB',
    () => request(`GET ${host.base}${'a'.repeat(100_000)} HTTP/1.1`, [`Host: ${host.own}`]),
    [400, 414, 431],
  ],
  [
    'an upgrade to HTTP/2',
    () => `GET / HTTP/1.1\r\nHost: ${host.own}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    [400, 401, 403, 404],
  ],
  ['the beginning of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [null, 400]],
  ['the beginning of TLS', () => Buffer.from('16030100c8010000c40303', 'hex'), [null, 400]],
  ['HTTP/0.9', () => `GET ${host.base}\r\n\r\n`, [null, 400, 403]],
  ['HTTP/1.0 without Host', () => `GET ${host.base} HTTP/1.0\r\n\r\n`, [400, 403]],
]

test.each(RAW)('a raw request is refused: %s', async (name, bytes, statuses) => {
  expectRefusal(await host.raw(bytes()), statuses, name)
  expect(statusOf(await host.page())).toBe(200)
})

const PATHS = [
  '../secret.json',
  '../../secret.json',
  './../secret.json',
  '..%2fsecret.json',
  '%2e%2e/secret.json',
  '%2e%2e%2fsecret.json',
  '%252e%252e%252fsecret.json',
  'assets/../../secret.json',
  'assets/..%2f..%2fsecret.json',
  '..\\secret.json',
  '..%5csecret.json',
  '/../secret.json',
  '//secret.json',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'link.json',
  'up/secret.json',
  '.hidden.json',
  '%2ehidden.json',
  'index.html%00.js',
  'notes.txt',
  'assets',
  'assets/',
  'C:/secret.json',
  'index.html::$DATA',
  '%',
  '%c0%ae%c0%ae/secret.json',
  '%ff',
  'index.html/',
]

test(`${PATHS.length} paths lead to no file but the window's own`, async () => {
  for (const path of PATHS) expectRefusal(await host.page(host.base + path), [400, 404], path)
  expect(await host.page()).toContain('<title>')
})

describe('hostile WebSocket handshakes', () => {
  test.each<[string, () => string]>([
    ['no Origin', () => host.handshake({ Origin: null })],
    ['the Origin null', () => host.handshake({ Origin: 'null' })],
    ['a foreign Origin', () => host.handshake({ Origin: 'http://evil.example' })],
    ['the own Origin as part of another', () => host.handshake({ Origin: `http://${host.own}.evil.example` })],
    ['two Origins', () => host.handshake({ Origin: `http://${host.own}\r\nOrigin: http://evil.example` })],
    ['an Origin in capitals', () => host.handshake({ Origin: `HTTP://${host.own}` })],
    ['the Origin of https', () => host.handshake({ Origin: `https://${host.own}` })],
    ['no cookie', () => host.handshake({ Cookie: null })],
    ['an empty cookie', () => host.handshake({ Cookie: 'session=' })],
    ['a made-up cookie', () => host.handshake({ Cookie: `session=${'A'.repeat(43)}` })],
    ['a wrong cookie before the right one', () => host.handshake({ Cookie: `session=x; session=${host.cookie}` })],
    ['the token as a cookie', () => host.handshake({ Cookie: `session=${host.token}` })],
    ['another path', () => host.handshake({}, '/socket')],
    ['a query', () => host.handshake({}, `${host.base}socket?a=b`)],
    ['a foreign Host', () => host.handshake({ Host: 'evil.example', Origin: 'http://evil.example' })],
    ['an old version of the protocol', () => host.handshake({ 'Sec-WebSocket-Version': '7' })],
    ['no key', () => host.handshake({ 'Sec-WebSocket-Key': null })],
  ])('a WebSocket handshake is refused, and its connection closed: %s', async (name, head) => {
    expectRefusal(await host.raw(head()), [400, 401, 403, 404, 426], name)
  })

  test('a correct WebSocket handshake is accepted', async () => {
    const socket = await host.openSocket()
    socket.destroy()
  })
})

const MASK = Buffer.from([1, 2, 3, 4])

/**
 * Builds a masked WebSocket frame, as browsers send it (RFC 6455, 5.2). `first` is its first byte: the FIN bit, reserved
 * bits and the opcode. `length` is what the header claims.
 */
function frame(first: number, payload: Buffer = Buffer.alloc(0), length = payload.length): Buffer {
  const masked = Buffer.from(payload.map((byte, i) => byte ^ MASK[i % 4]!))
  const size =
    length < 126
      ? Buffer.from([0x80 | length])
      : length < 65_536
        ? Buffer.from([0xfe, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([0xff]), encodeLength64(BigInt(length))])
  return Buffer.concat([Buffer.from([first]), size, MASK, masked])
}

function encodeLength64(length: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(length)
  return bytes
}

function closeCodeOf(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    socket.on('data', data => {
      received = Buffer.concat([received, data])
      const at = received.indexOf(CLOSE)
      if (at < 0 || received.length < at + 4) return
      resolve(received.readUInt16BE(at + 2))
      socket.destroy()
    })
    socket.on('close', () => reject(new Error('the connection ended without a close frame')))
  })
}

const TEXT = 0x81
const CLOSE = 0x88

describe('malformed frames', () => {
  test.each<[string, Buffer, number[]]>([
    ['a reserved bit', frame(TEXT | 0x40, Buffer.from('{}')), [1002]],
    ['an unknown opcode', frame(0x83), [1002]],
    ['an unknown control opcode', frame(0x8b), [1002]],
    ['no mask', Buffer.from([TEXT, 2, 0x7b, 0x7d]), [1002]],
    ['a ping in fragments', frame(0x09), [1002]],
    ['a ping of 126 bytes', frame(0x89, Buffer.alloc(126)), [1002]],
    ['a continuation of nothing', frame(0x80, Buffer.from('{}')), [1002]],
    ['a message inside another', Buffer.concat([frame(0x01, Buffer.from('{')), frame(TEXT, Buffer.from('}'))]), [1002]],
    ['text that is not UTF-8', frame(TEXT, Buffer.from([0xff, 0xfe])), [1007]],
    ['a close frame of one byte', frame(CLOSE, Buffer.from([3])), [1002]],
    ['a close code that nobody may send', frame(CLOSE, Buffer.from([0x03, 0xed])), [1002]],
    ['a close reason that is not UTF-8', frame(CLOSE, Buffer.from([0x03, 0xe8, 0xff])), [1007]],
    ['2^63 bytes', Buffer.concat([Buffer.from([TEXT, 0xff]), encodeLength64(2n ** 63n), MASK]), [1002, 1009]],
    ['2^40 bytes', Buffer.concat([Buffer.from([TEXT, 0xff]), encodeLength64(2n ** 40n), MASK]), [1009]],
    ['more bytes than a message may have', frame(TEXT, Buffer.alloc(10, 0x20), 2 ** 18 + 1), [1009]],
    ['a binary message', frame(0x82, Buffer.from('{}')), [1007]],
    ['text that is no JSON', frame(TEXT, Buffer.from('{"id":')), [1007]],
  ])('a malformed frame ends its own connection only: %s', async (name, bytes, codes) => {
    const other = await host.openSocket()
    const socket = await host.openSocket()
    const code = closeCodeOf(socket)
    socket.write(bytes)
    expect(codes, name).toContain(await code)
    let received = ''
    other.on('data', data => {
      received += data.toString('latin1')
    })
    other.write(frame(TEXT, Buffer.from('{"id":1,"method":"getPreferences","params":{}}')))
    await expect.poll(() => received).toContain('"ok":true')
    other.destroy()
  })
})
