import { removeFolder } from '../test-support/remove-folder.ts'
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isGroupOfOne, isPrivateFolder, trustsNoGroup } from './own-folders.mjs'
import { makePrivateFolder, makeTrustedFolder } from './private-folder.ts'
import { NO_LINKS, NO_MODES, NO_ROOT } from '../test-support/missing.ts'
import { describeUnless, testUnless } from '../test-support/test-unless.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-'))
})
afterEach(() => removeFolder(folder))

const modeOf = (path: string): number => statSync(path).mode & 0o777

testUnless(NO_MODES)('a private folder is open to its owner alone, whatever it was before', () => {
  const path = join(folder, 'a', 'cache')
  makePrivateFolder(path)
  expect(modeOf(path)).toBe(0o700)
  chmodSync(path, 0o777)
  makePrivateFolder(path)
  expect(modeOf(path)).toBe(0o700)
})

testUnless(NO_LINKS)('a link or a file in the place of a private folder is refused and left as it is', () => {
  const target = join(folder, 'elsewhere')
  mkdirSync(target)
  const before = modeOf(target)
  symlinkSync(target, join(folder, 'link'), 'junction')
  writeFileSync(join(folder, 'file'), '')
  for (const name of ['link', 'file']) {
    expect(() => makePrivateFolder(join(folder, name))).toThrow(expect.objectContaining({ code: 'IO' }))
  }
  expect(modeOf(target)).toBe(before)
})

testUnless(NO_ROOT)('a folder of another user is refused', () => {
  const path = join(folder, 'planted')
  mkdirSync(path, 0o700)
  chownSync(path, 3002, 3002)
  expect(() => makePrivateFolder(path)).toThrow(/another user/)
})

const inside = (change: (above: string) => void): string => {
  const above = join(folder, 'above')
  const path = join(above, 'between', 'own')
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o700)
  change(above)
  return path
}

describeUnless(NO_ROOT)('a private folder', () => {
  test.each<[string, (above: string) => void, RegExp]>([
    ['is another user’s', above => chownSync(above, 3002, 3002), /belongs to another user/],
    ['every user may change', above => chmodSync(above, 0o777), /other users may change/],
    [
      'a group of several may change',
      above => {
        chownSync(above, 0, 100)
        chmodSync(above, 0o775)
      },
      /other users may change/,
    ],
    [
      'is another user’s, sticky as it may be',
      above => {
        chownSync(above, 3002, 3002)
        chmodSync(above, 0o1777)
      },
      /belongs to another user/,
    ],
  ])('is refused where a folder above it %s: it can be exchanged', (_, change, message) => {
    const path = inside(change)
    expect(isPrivateFolder(path)).toBe(false)
    expect(() => makePrivateFolder(path)).toThrow(message)
  })

  test('is taken where a folder above it is sticky, as /tmp is', () => {
    const path = inside(above => chmodSync(above, 0o1777))
    expect(isPrivateFolder(path)).toBe(true)
    expect(() => makePrivateFolder(path)).not.toThrow()
  })

  test('is taken where a group may change a folder above it only if that is trusted, and never for compiled code', () => {
    const path = inside(above => chmodSync(above, 0o775))
    expect(isPrivateFolder(path)).toBe(false)
    expect(() => makePrivateFolder(path, trustsNoGroup)).toThrow(/other users may change/)
    expect(() => makePrivateFolder(path, () => true)).not.toThrow()
  })

  test('is refused where a folder above it is another user’s, before anything is made there', () => {
    const home = join(folder, 'home')
    mkdirSync(home)
    chownSync(home, 3002, 3002)
    expect(() => makePrivateFolder(join(home, 'cache', 'own'))).toThrow(/belongs to another user/)
    expect(readdirSync(home)).toEqual([])
    const ours = join(folder, 'ours')
    mkdirSync(ours)
    symlinkSync(ours, join(home, 'cache'))
    lchownSync(join(home, 'cache'), 3002, 3002)
    expect(() => makePrivateFolder(join(home, 'cache', 'own'))).toThrow(/belongs to another user/)
    expect(readdirSync(ours)).toEqual([])
  })

  test('is refused behind a link that another user can change, and taken behind one of its own user', () => {
    inside(() => {})
    chmodSync(folder, 0o1777)
    symlinkSync(join(folder, 'above'), join(folder, 'link'))
    const path = join(folder, 'link', 'between', 'own')
    expect(isPrivateFolder(path)).toBe(true)
    lchownSync(join(folder, 'link'), 3002, 3002)
    expect(isPrivateFolder(path)).toBe(false)
    expect(() => makePrivateFolder(path)).toThrow(/belongs to another user/)
  })
})

const ask = (users: string[], groups: string[], stat = { uid: 1000, gid: 1000 }): boolean =>
  isGroupOfOne(stat, (path: string) =>
    (path === '/etc/passwd' ? users : groups).map(line => line.split(':')).concat([['']]),
  )

describe('a group has nobody but its user', () => {
  const USERS = [
    'root:x:0:0::/root:/bin/sh',
    'ann:x:1000:1000::/home/ann:/bin/sh',
    'bob:x:1001:1001::/home/bob:/bin/sh',
  ]
  const GROUPS = ['root:x:0:', 'ann:x:1000:', 'bob:x:1001:']
  test.each<[string, string[], string[]]>([
    ['as Debian makes it', USERS, GROUPS],
    ['that is listed in it, too', USERS, ['ann:x:1000:ann']],
    ['who has two names', [...USERS, 'anna:x:1000:1000::/:/bin/sh'], ['ann:x:1000:ann,anna']],
  ])('if the lists of the system have no other: %s', (_, users, groups) => {
    expect(ask(users, groups)).toBe(true)
  })

  test.each<[string, string[], string[]]>([
    ['another user is a member', USERS, ['ann:x:1000:bob']],
    ['somebody is a member who is not listed', USERS, ['ann:x:1000:ann,carl']],
    ['it is the main group of another user', [...USERS, 'www:x:33:1000::/:/bin/sh'], GROUPS],
    ['another group has its number', USERS, [...GROUPS, 'web:x:1000:bob']],
    ['the group is not listed', USERS, ['root:x:0:']],
    ['the user is not listed', ['root:x:0:0::/root:/bin/sh'], GROUPS],
    ['nothing is listed', [], []],
  ])('and not if %s', (_, users, groups) => {
    expect(ask(users, groups)).toBe(false)
  })

  test('and not if its number is another one', () => {
    expect(ask(USERS, [...GROUPS, 'users:x:100:'], { uid: 1000, gid: 100 })).toBe(false)
  })
})

describeUnless(NO_MODES)('a folder whose content is executed', () => {
  test.each(['777', '1777', '720'])('begins empty if others may write to it (%s), and what was in it is kept', mode => {
    const path = join(folder, 'compile')
    makePrivateFolder(path)
    writeFileSync(join(path, 'planted'), '')
    chmodSync(path, mode)
    makeTrustedFolder(path, trustsNoGroup)
    expect([modeOf(path), readdirSync(path)]).toEqual([0o700, []])
    const aside = readdirSync(folder).find(name => name !== 'compile')
    expect(readdirSync(join(folder, aside!))).toEqual(['planted'])
  })

  test.each(['700', '755'])('keeps what is in it if others could only read it (%s)', mode => {
    const path = join(folder, 'compile')
    makePrivateFolder(path)
    writeFileSync(join(path, 'own'), '')
    chmodSync(path, mode)
    makeTrustedFolder(path)
    expect([modeOf(path), readdirSync(path)]).toEqual([0o700, ['own']])
  })
})
