import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { removeFolder } from '../../test-support/remove-folder.ts'
import type { ExplorerHost } from './host.ts'
import type { HostOptions } from './host-options.ts'
import { startTestHost, TestWindow } from './test-support/test-host.ts'

const SAMPLE = join(import.meta.dirname, '../../../assets/sample.npk')

let folder: string
let host: ExplorerHost

const start = (options: Partial<HostOptions> = {}): ExplorerHost => startTestHost(join(folder, 'data'), options)
const newWindow = (): TestWindow => new TestWindow(host)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-window-'))
  host = start()
  return async () => {
    await host.close()
    removeFolder(folder)
  }
})

describe('a window that another one opens', () => {
  test('gets the stores that it is given with its ticket, once, and no session', async () => {
    const first = newWindow()
    const { path } = (await first.get('openStore', { path: SAMPLE })).store
    const { ticket } = await first.get('openWindow', { paths: [path] })
    expect(await newWindow().get('takeStartPaths', { ticket })).toEqual({ paths: [path], window: 1, restores: false })
    expect(await newWindow().get('takeStartPaths', { ticket })).toMatchObject({ paths: [] })
  })

  test('gets no store that the window which opens it has not open', async () => {
    const [first, other] = [newWindow(), newWindow()]
    const { path } = (await first.get('openStore', { path: SAMPLE })).store
    expect(await other.ask('openWindow', { paths: [path] })).toMatchObject({ ok: false, error: { code: 'ARGUMENT' } })
  })

  test('is opened by a host that has windows of its own, without a ticket', async () => {
    await host.close()
    const opened: string[][] = []
    host = start({ openWindow: paths => opened.push(paths) })
    const window = newWindow()
    const { path } = (await window.get('openStore', { path: SAMPLE })).store
    expect(await window.get('openWindow', { paths: [path] })).toEqual({ ticket: null })
    expect(opened).toEqual([[path]])
  })
})
