import { appendFileSync, existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Share of an attack's full size: 0.01 by default, 0.1 in CI, 1 with `npm run attack`. */
const scale = Number(process.env['ATTACK_SCALE'] ?? 0.01)

export const isLarge = scale >= 0.1

export const attackSeed = Number(process.env['ATTACK_SEED'] ?? 1)

/** Returns how often to do what is done `full` times at full size. */
export const scaleCount = (full: number, { min = 1 } = {}): number => Math.max(min, Math.round(full * scale))

const MIN_TIMEOUT_MINUTES = 5

/** Returns a test's timeout in milliseconds. It may take `minutes` at full size, and five minutes at any size. */
export const scaleTimeout = ({ minutes }: { minutes: number }): number =>
  Math.max(MIN_TIMEOUT_MINUTES, minutes * Math.min(1, scale)) * 60_000

/** Prints what an attack has done, and appends it to the file `ATTACK_REPORT` if that is set. */
export function reportCounts(attack: string, counts: Readonly<Record<string, unknown>>): void {
  const line = `attack ${attack} (ATTACK_SEED=${attackSeed}): ${JSON.stringify(counts)}\n`
  process.stdout.write(line)
  const file = process.env['ATTACK_REPORT']
  if (file !== undefined) appendFileSync(file, line)
}

/** In-memory file system of Linux: syncing costs nothing there. */
const MEMORY_FOLDER = '/dev/shm'
/** Free bytes that an attack may need. */
const FREE_BYTES = 2 ** 30

/** Returns the folder for a test's files: in memory if that has enough space, else the system's temporary folder. */
export function scratchRoot(): string {
  if (!existsSync(MEMORY_FOLDER)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER)
  return bavail * bsize > FREE_BYTES ? MEMORY_FOLDER : tmpdir()
}
