import { existsSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { isWholePath, resolveGivenPath } from '../../system/given-path.ts'
import { givenPathError } from '../../system/io-error.ts'
import type { Params, Result } from '../contract/types.ts'
import type { PathLooks } from './path-looks.ts'
import { targetNameProblem, TARGET_SUFFIXES, targetPath } from './target-name.ts'

/** Numbers to try: each look may take long on a distant disk. */
const MOST_TRIES = 100

/** Returns a path that does not exist: the path itself, or with the first free number ('data (2).npkg') or the time. */
function freePath(path: string, suffix: string): string {
  const stem = path.slice(0, -suffix.length)
  let free = path
  for (let n = 2; existsSync(free); n++) {
    if (n > MOST_TRIES) return `${stem} (${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')})${suffix}`
    free = `${stem} (${n})${suffix}`
  }
  return free
}

export async function suggestTarget(
  { kind, source, folder }: Params<'suggestTarget'>,
  looks: PathLooks,
): Promise<Result<'suggestTarget'>> {
  const usual = targetPath(kind, source)
  const [used] = folder === null ? [] : await looks.look([folder])
  const target = join(folder !== null && used?.isDirectory() ? folder : dirname(usual), basename(usual))
  return { target, taken: existsSync(target), free: freePath(target, TARGET_SUFFIXES[kind]) }
}

export function checkTarget({ kind, source, target }: Params<'checkTarget'>): Result<'checkTarget'> {
  let path = normalize(target)
  let stat: Stats | undefined
  const problem = (text: string): Result<'checkTarget'> => ({ target: path, taken: stat !== undefined, problem: text })
  if (!isWholePath(target)) return problem('Give the whole path, from the root on.')
  try {
    path = normalize(targetPath(kind, source, resolveGivenPath(target)))
    stat = statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    return problem(givenPathError(error, path).message)
  }
  if (path === normalize(source)) return problem('That is what is read: choose another name.')
  if (kind === 'backup' && stat?.isDirectory()) return problem('That is a folder: give the name of a file.')
  if (kind === 'unpack' && stat?.isFile()) return problem('That is a file: give the name of a folder.')
  return { target: path, taken: stat !== undefined, problem: targetNameProblem(kind, path) }
}
