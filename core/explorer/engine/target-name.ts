import { basename, resolve } from 'node:path'
import { packTarget, unpackTarget } from '../../packages/targets.ts'

type Kind = 'backup' | 'unpack'

/** Suffixes of the files and folders that a window may write: no other program runs or reads files of such names. */
export const TARGET_SUFFIXES = { backup: '.npkg', unpack: '.npk' } as const

const PROBLEMS = {
  backup: "A package's name ends in .npkg: give the file such a name.",
  unpack: "An unpacked store's name ends in .npk: give the folder such a name.",
} as const

export const targetPath = (kind: Kind, source: string, target?: string): string =>
  kind === 'backup' ? packTarget(source, target) : unpackTarget(source, target)

/** Returns why a window may not write here, or null. Foreign content must not become, say, a shell's start-up file. */
export const nameProblem = (kind: Kind, path: string): string | null =>
  basename(resolve(path)).toLowerCase().endsWith(TARGET_SUFFIXES[kind]) ? null : PROBLEMS[kind]
