import { chmodSync, chownSync, cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { NumPack } from '../storage/numpack.ts'
import { disk } from '../system/files.ts'
import { noUsers, runAs, VICTIM } from '../test-support/users.ts'
import { pack } from './index.ts'
import { CountingControl, scratch, storePath, treeOf } from './test-support/counting-control.ts'
import { unpackFile } from './unpack.ts'

const originalDisk = { ...disk }
afterEach(() => {
  Object.assign(disk, originalDisk)
})

const SEGMENTS = 'data_big_segments'
const LEFT_FOLDER_WARNING = new RegExp(
  `^${SEGMENTS}: a folder of segments that no array uses; an earlier write could not remove it`,
)

const denyAccess = (): never => {
  throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
}

/** Each makes the disk refuse to remove what its key says. */
const REFUSALS = {
  'folder of segments': () => {
    disk.removeFolder = path => (path.endsWith(SEGMENTS) ? denyAccess() : originalDisk.removeFolder(path))
  },
  'segment file': () => {
    disk.unlink = path => (/seg_\d+\.npkd$/.test(path) ? denyAccess() : originalDisk.unlink(path))
  },
}

const contentOf = (store: string): Record<string, unknown> =>
  NumPack.with(store, { readOnly: true }, npk => ({
    ...Object.fromEntries(npk.getMemberList().map(name => [name, npk.load(name).toList()])),
    warnings: npk.warnings.filter(warning => warning.startsWith(SEGMENTS)),
  }))

test.each(Object.entries(REFUSALS))(
  'a store whose %s can’t be removed is replaced all the same, also a second time, and a warning names the folder that stayed',
  async (_, refuse) => {
    using folder = scratch()
    const target = folder.file('x.npk')
    cpSync(storePath('segmented.npk'), target, { recursive: true })
    const source = await pack(storePath('dtypes.npk'), folder.file('p.npkg'))
    const unpackOver = () => unpackFile({ source, target, overwrite: true, verify: true }, new CountingControl())
    refuse()
    for (let time = 1; time <= 2; time++) {
      await unpackOver()
      expect(contentOf(target)).toEqual({
        ...contentOf(storePath('dtypes.npk')),
        warnings: [expect.stringMatching(LEFT_FOLDER_WARNING)],
      })
    }
    Object.assign(disk, originalDisk)
    await unpackOver()
    expect(treeOf(target)).toEqual(treeOf(storePath('dtypes.npk')))
    expect(readdirSync(target)).not.toContain(SEGMENTS)
  },
)

test('the command replaces a store that holds another user’s folder of segments', { timeout: 120_000 }, async ctx => {
  const reason = noUsers()
  if (reason !== null) ctx.skip(reason)
  using folder = scratch()
  chmodSync(folder.path, 0o755)
  chownSync(folder.path, VICTIM, VICTIM)
  const target = folder.file('x.npk')
  cpSync(storePath('segmented.npk'), target, { recursive: true })
  chownSync(target, VICTIM, VICTIM)
  for (const name of readdirSync(target)) if (name !== SEGMENTS) chownSync(join(target, name), VICTIM, VICTIM)
  const source = await pack(storePath('dtypes.npk'), folder.file('p.npkg'))
  chmodSync(source, 0o644)
  const program = join(import.meta.dirname, '../cli/numpack.mjs')
  for (let time = 1; time <= 2; time++) {
    const { status, stderr } = runAs(VICTIM, [process.execPath, program, 'unpack', source, target, '--overwrite'])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(contentOf(target)).toEqual({
      ...contentOf(storePath('dtypes.npk')),
      warnings: [expect.stringMatching(LEFT_FOLDER_WARNING)],
    })
  }
})
