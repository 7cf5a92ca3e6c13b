import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, join, normalize } from 'node:path'
import { isWholePath, resolveGivenPath } from '../../system/given-path.ts'
import { givenPathError, isErrno } from '../../system/io-error.ts'
import type { Params, Result } from '../contract/types.ts'
import { type DiskCalls, lookAt } from './disk-calls.ts'
import { targetNameProblem, TARGET_SUFFIXES, targetPath } from './target-name.ts'

/** Numbers to try: each look may take long on a distant disk. */
const MOST_TRIES = 100

/** A file on a disk that doesn't answer may be there. */
const isTaken = async (path: string, disks: DiskCalls): Promise<boolean> => (await lookAt(path, disks)) !== null

/** Returns a path that is not taken: the path itself, or with the first free number ('data (2).npkg') or the time. */
async function freePath(path: string, suffix: string, disks: DiskCalls): Promise<string> {
  const stem = path.slice(0, -suffix.length)
  let free = path
  for (let n = 2; await isTaken(free, disks); n++) {
    if (n > MOST_TRIES) return `${stem} (${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')})${suffix}`
    free = `${stem} (${n})${suffix}`
  }
  return free
}

export async function suggestTarget(
  { kind, source, folder }: Params<'suggestTarget'>,
  disks: DiskCalls,
): Promise<Result<'suggestTarget'>> {
  const usual = targetPath(kind, source)
  const used = folder === null ? null : await lookAt(folder, disks)
  const target = join(folder !== null && used?.isDirectory() ? folder : dirname(usual), basename(usual))
  const taken = await isTaken(target, disks)
  return { target, taken, free: await freePath(target, TARGET_SUFFIXES[kind], disks) }
}

/** Returns undefined for a missing file. Throws IO if the disk doesn't answer. */
const lookAtChosen = async (path: string, disks: DiskCalls): Promise<Stats | undefined> =>
  disks.expect(path, async () => {
    try {
      return await stat(path)
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined
      throw error
    }
  })

export async function checkTarget(
  { kind, source, target }: Params<'checkTarget'>,
  disks: DiskCalls,
): Promise<Result<'checkTarget'>> {
  let path = normalize(target)
  let found: Stats | undefined
  const problem = (text: string): Result<'checkTarget'> => ({ target: path, taken: found !== undefined, problem: text })
  if (!isWholePath(target)) return problem('Give the whole path, from the root on.')
  try {
    path = normalize(targetPath(kind, source, resolveGivenPath(target)))
    found = await lookAtChosen(path, disks)
  } catch (error) {
    return problem(givenPathError(error, path).message)
  }
  if (path === normalize(source)) return problem('That is what is read: choose another name.')
  if (kind === 'backup' && found?.isDirectory()) return problem('That is a folder: give the name of a file.')
  if (kind === 'unpack' && found?.isFile()) return problem('That is a file: give the name of a folder.')
  return { target: path, taken: found !== undefined, problem: targetNameProblem(kind, path) }
}
