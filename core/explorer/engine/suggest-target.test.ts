import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DiskCalls } from './disk-calls.ts'
import { suggestTarget } from './suggest-target.ts'

test('a target is suggested with the first free number, and with the time when very many numbers are taken', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'suggest-'))
  const suggest = async (): Promise<string> => {
    const params = { kind: 'backup', source: join(folder, 'many.npk'), folder: null } as const
    return (await suggestTarget(params, new DiskCalls())).free
  }
  try {
    writeFileSync(join(folder, 'many.npkg'), '')
    expect(await suggest()).toBe(join(folder, 'many (2).npkg'))
    for (let n = 2; n <= 100; n++) writeFileSync(join(folder, `many (${n}).npkg`), '')
    expect(await suggest()).toMatch(/many \(\d{8}T\d{6}Z\)\.npkg$/)
  } finally {
    removeFolder(folder)
  }
})
