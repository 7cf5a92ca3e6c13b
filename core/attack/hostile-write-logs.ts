import { crc32 } from 'node:zlib'
import type { Random } from '../oracle/random.ts'

/** Write logs with hostile content and a valid checksum, so that the content is parsed. */

const HEADER_BYTES = 12

const FILES = [
  '../canary/secret.npkd',
  '../canary/deep',
  '/proc/self/nothing',
  'metadata.npkm',
  'data_a.npkd',
  'data_b.npkd',
  'deleted_a.npkb',
  '.numpack.lock',
  'notes.txt',
  'photos/1.jpg',
  '.',
  '..',
  '',
  'a\0b',
  'x'.repeat(5000),
]
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1,
  8,
  2 ** 31,
  2 ** 53,
  1e308,
  -(2 ** 53),
  '',
  'a',
  '__proto__',
  [],
  {},
  [null],
  [[]],
  { length: 5 },
]

function makeWriteLog(header: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = Buffer.from(header)
  const all = Buffer.concat([Buffer.alloc(HEADER_BYTES), json, body])
  all.write('NPKI', 'latin1')
  all.writeUInt32LE(json.length, 4)
  return repaired(all)
}

function repaired(writeLog: Buffer): Uint8Array<ArrayBuffer> {
  if (writeLog.length >= HEADER_BYTES) writeLog.writeUInt32LE(crc32(writeLog.subarray(HEADER_BYTES)), 8)
  return new Uint8Array(writeLog)
}

function headerOf(json: string): Record<string, unknown> | null {
  try {
    return JSON.parse(json) as Record<string, unknown>
  } catch {
    // An earlier mutation broke it.
    return null
  }
}

function placesIn(value: unknown): [holder: Record<string, unknown>, key: string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    [value as Record<string, unknown>, key] as [Record<string, unknown>, string],
    ...placesIn(inner),
  ])
}

export function makeWriteLogHostile(
  writeLog: Uint8Array,
  random: Random,
  mutateBytes: (bytes: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const file = Buffer.from(writeLog)
  if (random.below(3) === 0 || file.length < HEADER_BYTES) {
    const mutated = Buffer.from(mutateBytes(file))
    return random.below(10) === 0 ? new Uint8Array(mutated) : repaired(mutated)
  }
  const length = file.readUInt32LE(4)
  const body = file.subarray(HEADER_BYTES + length)
  const header = headerOf(file.toString('utf8', HEADER_BYTES, HEADER_BYTES + length))
  if (header === null) return repaired(Buffer.from(mutateBytes(file)))
  const changes = 1 + random.below(2)
  for (let i = 0; i < changes; i++) {
    if (random.below(3) === 0) header['files'] = Array.from({ length: 1 + random.below(4) }, () => random.pick(FILES))
    else {
      const places = placesIn(header)
      const [holder, key] = places.length > 0 ? random.pick(places) : [header, 'files']
      if (random.below(4) === 0) delete holder[key]
      else holder[key] = random.pick(VALUES)
    }
  }
  return makeWriteLog(JSON.stringify(header), random.below(3) === 0 ? mutateBytes(body) : body)
}
