import { removeFolder } from '../test-support/remove-folder.ts'
import { closeSync, mkdtempSync, openSync, realpathSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { isOpenForWriting } from './open-for-writing.ts'
import { NO_PROC } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

let folder = ''

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'open-for-writing-')))
})
afterEach(() => removeFolder(folder))

async function whileOpenElsewhere(file: string, flags: 'r' | 'r+', look: () => void): Promise<void> {
  const fd = openSync(file, flags)
  const child = spawn('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  await once(child, 'spawn')
  closeSync(fd)
  try {
    look()
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

testUnless(NO_PROC)('a file that another process has open for writing is noticed', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, 'x')
  await whileOpenElsewhere(file, 'r+', () => expect(isOpenForWriting([file])).toBe(true))
  await whileOpenElsewhere(file, 'r', () => expect(isOpenForWriting([file])).toBe(false))
})

testUnless(NO_PROC)('with too many descriptors and mappings to look at, every file counts', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, 'x')
  await whileOpenElsewhere(file, 'r', () => {
    expect(isOpenForWriting([file], 5)).toBe(true)
    expect(isOpenForWriting([file], 1e9)).toBe(false)
  })
})
