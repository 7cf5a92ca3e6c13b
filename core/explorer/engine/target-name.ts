import { basename, resolve } from 'node:path'
import { packTarget, unpackTarget } from '../../packages/targets.ts'

type Kind = 'backup' | 'unpack'

/** Suffixes of the files and folders that a window may write: no other program runs or reads files of such names. */
export const TARGET_SUFFIXES = { backup: '.npkg', unpack: '.npk' } as const

const PROBLEMS = {
  backup: 'The name of a package must end in .npkg. Choose such a name.',
  unpack: 'The name of an unpacked store must end in .npk. Choose such a name.',
} as const

/** Returns where a job writes: `target` (a backup adds a missing suffix), or a path beside `source` without one. */
export const targetPath = (kind: Kind, source: string, target?: string): string =>
  kind === 'backup' ? packTarget(source, target) : unpackTarget(source, target)

/**
 * Returns why a window may not write to this path, or null if it may. Under any other name, foreign content could
 * become, say, a shell's start-up file.
 */
export const targetNameProblem = (kind: Kind, path: string): string | null =>
  basename(resolve(path)).toLowerCase().endsWith(TARGET_SUFFIXES[kind]) ? null : PROBLEMS[kind]
