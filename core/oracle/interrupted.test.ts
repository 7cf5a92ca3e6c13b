import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { disk } from '../system/files.ts'
import { NumPack } from '../storage/numpack.ts'
import { describeStore } from '../storage/test-support/model.ts'
import { OPERATIONS, writeSample } from '../storage/test-support/operations.ts'
import { killedAtEachStep } from '../storage/test-support/watch-disk.ts'
import { noOracle } from './python.ts'
import { scratchFolder } from './scratch.ts'
import { startNumPack } from './server.ts'

const { sync } = disk
beforeAll(() => {
  // No test here cuts the power, so syncing would only cost time.
  disk.sync = () => {}
})
afterAll(() => {
  disk.sync = sync
})

/** Without `replace`: NumPack cannot see scattered rows change at one moment (transaction.ts). */
const operations = Object.entries(OPERATIONS).filter(([name]) => name !== 'replace')

describe('after a kill before any step of the operation', () => {
  beforeEach(ctx => ctx.skip(noOracle !== null, noOracle ?? ''))

  test.each(operations)('%s: NumPack reads the old or the new state', async (_name, operation) => {
    using folder = scratchFolder()
    await using numpack = startNumPack()
    const path = join(folder.path, 'store.npk')
    writeSample(path)
    using npk = NumPack.open(path)
    const old = describeStore(npk)
    const copies = killedAtEachStep(path, () => operation(npk))
    const states = [old, describeStore(npk)]
    expect(copies.length).toBeGreaterThan(2)
    for (const copy of copies) expect(states, copy).toContainEqual(await numpack.ask({ read: copy }))
  })
})
