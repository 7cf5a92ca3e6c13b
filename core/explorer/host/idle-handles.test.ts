import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, vi } from 'vitest'
import { onWindowsDisk, openFilesBelow } from '../../storage/test-support/windows-disk.ts'
import { disk } from '../../system/files.ts'
import { STORES } from '../../test-support/fixture-stores.ts'
import { NO_PROC } from '../../test-support/missing.ts'
import { testUnless } from '../../test-support/test-unless.ts'
import { useService } from './test-support/service.ts'

const { ask, open, inFolder } = useService()

afterEach(() => {
  vi.useRealTimers()
})

testUnless(NO_PROC)('while a store is merely on screen, or its window is idle, none of its files is open', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const path = inFolder('deleted.npk')
  cpSync(join(STORES, 'deleted.npk'), path, { recursive: true })
  const { id } = await open(path)
  expect(openFilesBelow(path)).toEqual([])
  await ask('readWindow', { store: id, array: 'random', rowSet: 'active', rows: [0, 10], columns: [0, 1], index: [] })
  expect(openFilesBelow(path)).toHaveLength(1)
  vi.advanceTimersByTime(4000)
  expect(openFilesBelow(path)).toEqual([])
  await onWindowsDisk(() => disk.rename(path, inFolder('moved.npk')))
})
