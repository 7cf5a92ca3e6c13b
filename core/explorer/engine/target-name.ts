import { basename, resolve } from 'node:path'
import { packTarget, unpackTarget } from '../../packages/targets.ts'

type Kind = 'backup' | 'unpack'

/** How the names of what a window has written end: no other program takes such files and folders for its own. */
export const TARGET_SUFFIXES = { backup: '.npkg', unpack: '.npk' } as const

const PROBLEMS = {
  backup: "A package's name ends in .npkg: give the file such a name.",
  unpack: "An unpacked store's name ends in .npk: give the folder such a name.",
} as const

/** Where a job writes to. */
export const targetPath = (kind: Kind, source: string, target?: string): string =>
  kind === 'backup' ? packTarget(source, target) : unpackTarget(source, target)

/**
 * Why a window may not have that path written to, by its name, or null. What is in a store is somebody else's: under the
 * name of a start-up file, for instance, it would be run.
 */
export const nameProblem = (kind: Kind, path: string): string | null =>
  basename(resolve(path)).toLowerCase().endsWith(TARGET_SUFFIXES[kind]) ? null : PROBLEMS[kind]
