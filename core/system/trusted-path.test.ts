import { removeFolder } from '../test-support/remove-folder.ts'
import { existsSync, lchownSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { ATTACKER } from '../test-support/users.ts'
import { NumPackError } from '../format/errors.ts'
import { HeldFolder } from './held-folder.ts'
import { checkTrusted } from './trusted-path.ts'
import { NO_ROOT } from '../test-support/missing.ts'
import { testUnless } from '../test-support/test-unless.ts'

const { calls, counted } = vi.hoisted(() => {
  const calls = { made: 0, before: (_call: number): void => {} }
  const counted = <A extends unknown[], R>(call: (...args: A) => R) => {
    return (...args: A): R => {
      calls.before(calls.made++)
      return call(...args)
    }
  }
  return { calls, counted }
})

vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>()
  return { ...fs, lstatSync: counted(fs.lstatSync), openSync: counted(fs.openSync) }
})

let folder = ''
let home = ''
let shared = ''
let path = ''

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trusted-')))
  home = join(folder, 'home')
  shared = join(folder, 'shared')
  path = join(shared, 'data.npk')
  for (const parent of [home, shared]) mkdirSync(join(parent, 'data.npk'), { recursive: true })
})

afterEach(() => {
  calls.before = () => {}
  removeFolder(folder)
})

/** Exchanges the shared folder for a link of another user, or back. */
function exchange(): void {
  const away = `${shared}.away`
  if (existsSync(away)) {
    rmSync(shared)
    renameSync(away, shared)
    return
  }
  renameSync(shared, away)
  symlinkSync(home, shared)
  lchownSync(shared, ATTACKER, ATTACKER)
}

/** Opens the store while the link is there, and checks it while the exchanges come before these system calls. */
function checkMeanwhile(exchanges: readonly number[]): string {
  exchange()
  using opened = HeldFolder.openPath(path)
  calls.made = 0
  calls.before = call => {
    for (const at of exchanges) if (at === call) exchange()
  }
  try {
    checkTrusted(path, opened)
    return 'trusted'
  } catch (error) {
    if (error instanceof NumPackError) return error.code
    throw error
  } finally {
    calls.before = () => {}
    if (existsSync(`${shared}.away`)) exchange()
  }
}

testUnless(NO_ROOT)(
  'a folder that was opened through a link of another user is refused, whenever a folder and the link take turns',
  () => {
    const ends = new Set<string>()
    for (let first = 0; first < 20; first++) {
      for (let second = first; second < 20; second++) ends.add(checkMeanwhile([first, second]))
    }
    expect([...ends].sort()).toEqual(['CHANGED_ON_DISK', 'PATH_ESCAPE'])
  },
)
