import { appendFileSync, existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/**
 * Only for tests: how large the attacks are. `ATTACK_SCALE` is a share of the full size: a hundredth by default (`npm test`), a tenth in
 * CI, 1 with `npm run attack`. Every attack starts from `ATTACK_SEED`, which is always the same unless it is given.
 */
const scale = Number(process.env['ATTACK_SCALE'] ?? 0.01)

export const attackSeed = Number(process.env['ATTACK_SEED'] ?? 1)

/** How often something is done that is done `full` times at full size. */
export const times = (full: number, atLeast = 1): number => Math.max(atLeast, Math.round(full * scale))

/** Milliseconds that a test may take, which at full size may take so many minutes; five minutes for the smallest. */
export const patience = (fullMinutes: number): number => Math.max(300_000, fullMinutes * 60_000 * Math.min(1, scale))

/** Prints the counts of an attack, and adds them to the file `ATTACK_REPORT`. */
export function reportCounts(attack: string, counts: Readonly<Record<string, unknown>>): void {
  const line = `attack ${attack} (ATTACK_SEED=${attackSeed}): ${JSON.stringify(counts)}\n`
  process.stdout.write(line)
  const file = process.env['ATTACK_REPORT']
  if (file !== undefined) appendFileSync(file, line)
}

/** Linux' disk in memory, on which syncing costs nothing. */
const MEMORY_DISK = '/dev/shm'
const ROOM = 2 ** 30

/** Where attacks that write much have their folders. */
export function scratchRoot(): string {
  if (!existsSync(MEMORY_DISK)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY_DISK)
  return bavail * bsize > ROOM ? MEMORY_DISK : tmpdir()
}

/** Whether what takes minutes at any size is done, too. */
export const isLarge = scale >= 0.1
