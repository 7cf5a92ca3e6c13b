import fs, { chmodSync, mkdirSync, readdirSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { hostname } from 'node:os'
import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clearLeftovers, makeHeld, removeMade, siblingOf } from './temporary.ts'
import { scratch } from './test-support/counting-control.ts'

const noModes = process.platform === 'win32'

/** No process has this number: Linux gives none above 2^22. */
const DEAD = 2 ** 22 + 1
const leftoverOf = (target: string): string => {
  const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
  return join(dirname(target), `.${basename(target)}.${machine}-${DEAD}-deadbeef.tmp`)
}

const makeStore = (path: string): void => {
  mkdirSync(path)
  for (const file of ['metadata.npkm', 'data_thesis.npkd']) writeFileSync(join(path, file), 'precious')
}

describe.skipIf(noModes)('a store that somebody renamed to what is removed', () => {
  test.each([0o775, 0o777, 0o2775])('stays in a folder of mode %o, where others may do that', mode => {
    using folder = scratch()
    const target = folder.file('x.npkg')
    const leftover = leftoverOf(target)
    makeStore(leftover)
    chmodSync(folder.path, mode)
    clearLeftovers(target)
    expect(readdirSync(leftover).sort()).toEqual(['data_thesis.npkd', 'metadata.npkm'])
  })

  test.each([0o755, 0o700, 0o1777])(
    'is taken for a leftover in a folder of mode %o, where nobody else may rename',
    mode => {
      using folder = scratch()
      const target = folder.file('x.npkg')
      makeStore(leftoverOf(target))
      chmodSync(folder.path, mode)
      clearLeftovers(target)
      expect(readdirSync(folder.path)).toEqual([])
    },
  )

  test('stays when what was made under that name is removed, where others may rename', () => {
    using folder = scratch()
    chmodSync(folder.path, 0o777)
    const temporary = siblingOf(folder.file('x.npk'))
    makeStore(temporary)
    removeMade(temporary)
    expect(readdirSync(temporary).sort()).toEqual(['data_thesis.npkd', 'metadata.npkm'])
    chmodSync(folder.path, 0o755)
    removeMade(temporary)
    expect(readdirSync(folder.path)).toEqual([])
  })
})

test.skipIf(noModes)('a folder is closed to others that takes the place of a new one at once', () => {
  using folder = scratch()
  const open = folder.file('open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const make = fs.mkdirSync
  const restore = (): void => {
    fs.mkdirSync = make
    syncBuiltinESMExports()
  }
  fs.mkdirSync = ((path: string, mode: number): void => {
    make(path, mode)
    rmdirSync(path)
    renameSync(open, path)
    restore()
  }) as typeof fs.mkdirSync
  syncBuiltinESMExports()
  try {
    using held = makeHeld(siblingOf(folder.file('x.npk')))
    expect(readdirSync(folder.path)).not.toContain('open')
    expect(statSync(held.root).mode & 0o777).toBe(0o700)
  } finally {
    restore()
  }
})
