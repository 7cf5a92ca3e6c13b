import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPack } from '../../storage/numpack.ts'
import { OpenStores } from './open-stores.ts'

test('the id of a store that earlier engines had is not given again, whichever are still open', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'open-stores-')))
  const path = join(folder, 'a.npk')
  NumPack.with(path, npk => npk.save({ a: [1] }))
  const stores = new OpenStores({
    stores: [{ id: 3, path: join(folder, 'b.npk') }],
    firstGeneration: 0,
    lastStore: 7,
    cacheFolder: null,
    followsLinks: () => false,
    onEvent: () => {},
    onWatched: () => {},
  })
  try {
    expect((await stores.open(path)).id).toBe(8)
  } finally {
    stores.closeAll()
    rmSync(folder, { recursive: true, force: true })
  }
})
