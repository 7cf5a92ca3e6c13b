import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { fetchLoopback } from '../../core/test-support/fetch-loopback.ts'
import { type BrowserServer, startServer } from './server.ts'
import { idleConnection } from './test-support/idle-connection.ts'

let server: BrowserServer

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'address-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>NumPack Explorer</title>')
  const host = { connect: idleConnection }
  server = await startServer({ host, rendererFolder: folder, port: 0 })
  return async () => {
    await server.close()
    removeFolder(folder)
  }
})

describe('an address of the host', () => {
  test('a one-time address opens the session once and is worth nothing afterwards', async () => {
    const address = server.newAddress()
    const first = await fetchLoopback(address)
    expect(first.status).toBe(303)
    expect(first.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict$/)
    const again = await fetchLoopback(address)
    expect(again.status).toBe(401)
    expect(again.headers.get('set-cookie')).toBeNull()
    expect(again.body).toContain('once')
  })

  test("a one-time address is used only by a GET of the host's own page, and its creator is notified then", async () => {
    let used = 0
    const address = server.newAddress(() => used++)
    expect((await fetchLoopback(address, { method: 'HEAD' })).status).toBe(401)
    expect((await fetchLoopback(address, { headers: { origin: 'http://evil.example' } })).status).toBe(403)
    for (const other of ['127.0.0.1', 'localhost', 'other.localhost'])
      expect((await fetchLoopback(address.replace(/[\w.]+(?=:\d)/, other))).status, other).toBe(403)
    expect(used).toBe(0)
    expect((await fetchLoopback(address)).status).toBe(303)
    expect(used).toBe(1)
  })

  test('a one-time address opens the same session as any other', async () => {
    const [one, other] = await Promise.all([fetchLoopback(server.newAddress()), fetchLoopback(server.newAddress())])
    expect(one.headers.get('set-cookie')).toBe(other.headers.get('set-cookie'))
  })

  test('a one-time address expires when sixteen newer ones exist', async () => {
    const [first = '', ...others] = Array.from({ length: 17 }, () => server.newAddress())
    expect((await fetchLoopback(first)).status).toBe(401)
    expect(await Promise.all(others.map(async address => (await fetchLoopback(address)).status))).toEqual(
      Array(16).fill(303),
    )
  })
})
