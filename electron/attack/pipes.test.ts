import { removeFolder } from '../../core/test-support/remove-folder.ts'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** Opening a pipe waits for a writer that never comes, so pipes in place of files must not be opened that way. */

const ROOT = join(import.meta.dirname, '../..')
const CLI = join(ROOT, 'core/cli/numpack.mjs')
const ENDS_WITHIN_MS = 20_000

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'numpack-pipes-'))
})

afterEach(() => removeFolder(folder))

const makePipe = (path: string): void => void spawnSync('mkfifo', [path])

describe.runIf(process.platform !== 'win32')('a pipe in place of a store file', () => {
  test.each<[string, string[], () => void]>([
    ['as a package, by info', ['info', 'x.npkg'], () => makePipe(join(folder, 'x.npkg'))],
    ['as a package, by verify', ['verify', 'x.npkg'], () => makePipe(join(folder, 'x.npkg'))],
    ['as a package, by unpack', ['unpack', 'x.npkg'], () => makePipe(join(folder, 'x.npkg'))],
    [
      'as the metadata of a store, by info',
      ['info', 's.npk'],
      () => {
        mkdirSync(join(folder, 's.npk'))
        makePipe(join(folder, 's.npk/metadata.npkm'))
      },
    ],
    [
      'as the metadata of a store, by pack',
      ['pack', 's.npk'],
      () => {
        mkdirSync(join(folder, 's.npk'))
        makePipe(join(folder, 's.npk/metadata.npkm'))
      },
    ],
  ])('a pipe is refused at once: %s', (_, args, make) => {
    make()
    const { status, stderr, signal } = run(args)
    expect([status, signal]).toEqual([1, null])
    expect(stderr).not.toBe('')
  })

  test('a store whose write log is a pipe is read without it', () => {
    cpSync(join(ROOT, 'core/fixtures/stores/deleted.npk'), join(folder, 's.npk'), { recursive: true })
    makePipe(join(folder, 's.npk/numpack-explorer.intent.tmp'))
    expect(run(['info', 's.npk']).signal).toBe(null)
  })
})

const run = (args: readonly string[]): ReturnType<typeof spawnSync> & { stderr: string } =>
  spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: ENDS_WITHIN_MS,
    killSignal: 'SIGKILL',
  })
