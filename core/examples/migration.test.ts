import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { migrate } from './migration.ts'

it('migration: the unpacked store has the same active rows as the packed one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'numpack-examples-'))
  try {
    const { compressionRatio, ...rest } = await migrate(folder)
    expect(rest).toEqual({
      packagePath: join(folder, 'to move', 'experiment.npkg'),
      fileCount: 4,
      restoredPath: join(folder, 'other machine', 'experiment.npk'),
      shape: [9997, 32],
      equal: true,
    })
    expect(compressionRatio).toBeLessThan(1)
    expect(readdirSync(join(folder, 'to move'))).toEqual(['experiment.npkg'])
    expect(readdirSync(join(folder, 'other machine'))).toEqual(['experiment.npk'])
  } finally {
    removeFolder(folder)
  }
})
