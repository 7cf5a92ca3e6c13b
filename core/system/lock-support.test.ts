import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { LOCK_FILE } from '../format/names.ts'
import { HeldFolder } from './held-folder.ts'
import { openLockEntry } from './lock-entry.ts'
import { hasLocks } from './lock-support.ts'
import { testUnless } from '../test-support/test-unless.ts'

testUnless(process.platform === 'win32' ? 'Windows needs no other folder for locks' : null)(
  'a folder in the place of the private one gets no file to lock',
  () => {
    const root = mkdtempSync(join(tmpdir(), 'lock-support-'))
    try {
      writeFileSync(join(root, LOCK_FILE), '')
      using folder = HeldFolder.openPath(root)
      using entry = openLockEntry(folder)!
      const place = dirname(entry.path)
      renameSync(place, `${place}-away`)
      mkdirSync(place)
      const found: string[][] = []
      const lock = (path: string): void => void found.push(readdirSync(dirname(path)))
      hasLocks(folder, entry, lock)
      expect(found).toEqual([[]])
      expect(readdirSync(`${place}-away`)).toHaveLength(1)
    } finally {
      removeFolder(root)
    }
  },
)
