import { appendFileSync, existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** `ATTACK_SCALE` is a share of the full size: 0.01 by default, 0.1 in CI, 1 with `npm run attack`. */
const scale = Number(process.env['ATTACK_SCALE'] ?? 0.01)

export const attackSeed = Number(process.env['ATTACK_SEED'] ?? 1)

export const times = (full: number, atLeast = 1): number => Math.max(atLeast, Math.round(full * scale))

/** Returns a test's timeout in milliseconds, given the minutes it may take at full size; at least five minutes. */
export const patience = (fullMinutes: number): number => Math.max(300_000, fullMinutes * 60_000 * Math.min(1, scale))

export function reportCounts(attack: string, counts: Readonly<Record<string, unknown>>): void {
  const line = `attack ${attack} (ATTACK_SEED=${attackSeed}): ${JSON.stringify(counts)}\n`
  process.stdout.write(line)
  const file = process.env['ATTACK_REPORT']
  if (file !== undefined) appendFileSync(file, line)
}

/** Linux' in-memory disk, on which syncing costs nothing. */
const MEMORY_DISK = '/dev/shm'
const ROOM = 2 ** 30

export function scratchRoot(): string {
  if (!existsSync(MEMORY_DISK)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY_DISK)
  return bavail * bsize > ROOM ? MEMORY_DISK : tmpdir()
}

export const isLarge = scale >= 0.1
