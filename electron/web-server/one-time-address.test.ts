import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type BrowserServer, startServer } from './server.ts'

let server: BrowserServer

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'address-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>NumPack Explorer</title>')
  const host = { connect: () => ({ request: () => new Promise<never>(() => {}), cancel() {}, hold() {}, close() {} }) }
  server = await startServer({ host, rendererFolder: folder, port: 0 })
  return async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

const ask = (address: string, init: RequestInit = {}): Promise<Response> =>
  fetch(address, { redirect: 'manual', ...init })

describe('an address of the host', () => {
  test('opens the session once; whoever finds it later gets nothing', async () => {
    const address = server.newAddress()
    const first = await ask(address)
    expect(first.status).toBe(303)
    expect(first.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict$/)
    const again = await ask(address)
    expect(again.status).toBe(401)
    expect(again.headers.get('set-cookie')).toBeNull()
    expect(await again.text()).toContain('once')
  })

  test('is used by GET of the host’s own page alone, and its maker is told then', async () => {
    let used = 0
    const address = server.newAddress(() => used++)
    expect((await ask(address, { method: 'HEAD' })).status).toBe(401)
    expect((await ask(address, { headers: { origin: 'http://evil.example' } })).status).toBe(403)
    expect(used).toBe(0)
    expect((await ask(address)).status).toBe(303)
    expect(used).toBe(1)
  })

  test('opens the same session as any other', async () => {
    const [one, other] = await Promise.all([ask(server.newAddress()), ask(server.newAddress())])
    expect(one.headers.get('set-cookie')).toBe(other.headers.get('set-cookie'))
  })

  test('is worth nothing once sixteen newer ones were made', async () => {
    const [first = '', ...others] = Array.from({ length: 17 }, () => server.newAddress())
    expect((await ask(first)).status).toBe(401)
    expect(await Promise.all(others.map(async address => (await ask(address)).status))).toEqual(Array(16).fill(303))
  })
})
