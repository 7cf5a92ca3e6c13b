import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestHost, TestWindow } from '../../core/explorer/host/test-support/test-host.ts'
import { SAMPLE_STORE } from './folders.ts'
import { StartPaths } from './start-paths.ts'

test('a store that is given twice stays open until a window has opened it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'start-paths-'))
  const host = startTestHost(folder, { onEvent: event => startPaths.onHostEvent(event) })
  const startPaths = new StartPaths(host)
  try {
    expect(await startPaths.open([SAMPLE_STORE, SAMPLE_STORE])).toEqual([])
    const window = new TestWindow(host)
    await window.get('listRecents', {})
    expect(host.openPaths()).toEqual([SAMPLE_STORE])
    const { store } = await window.get('openStore', { path: SAMPLE_STORE })
    await window.get('closeStore', { store: store.id })
    expect(host.openPaths()).toEqual([])
  } finally {
    await host.close()
    removeFolder(folder)
  }
})
