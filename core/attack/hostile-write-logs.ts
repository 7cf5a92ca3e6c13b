import { crc32 } from 'node:zlib'
import type { Random } from '../oracle/random.ts'

const HEADER_BYTES = 12

const HOSTILE_PATHS = [
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
const HOSTILE_VALUES: readonly unknown[] = [
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
  return withValidChecksum(all)
}

function withValidChecksum(writeLog: Buffer): Uint8Array<ArrayBuffer> {
  if (writeLog.length >= HEADER_BYTES) writeLog.writeUInt32LE(crc32(writeLog.subarray(HEADER_BYTES)), 8)
  return new Uint8Array(writeLog)
}

function parseHeader(json: string): Record<string, unknown> | null {
  try {
    return JSON.parse(json) as Record<string, unknown>
  } catch {
    // An earlier mutation of this write log may have broken its JSON.
    return null
  }
}

/** Lists the properties and elements of a JSON value, nested ones too. */
function listProperties(value: unknown): [holder: Record<string, unknown>, key: string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    [value as Record<string, unknown>, key] as [Record<string, unknown>, string],
    ...listProperties(inner),
  ])
}

/**
 * Returns a write log with hostile paths and values in its header, or with bytes changed by `mutateBytes`. Its checksum
 * is nearly always valid, so that the content is parsed.
 */
export function makeWriteLogHostile(
  writeLog: Uint8Array,
  random: Random,
  mutateBytes: (bytes: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const file = Buffer.from(writeLog)
  if (random.below(3) === 0 || file.length < HEADER_BYTES) {
    const mutated = Buffer.from(mutateBytes(file))
    return random.below(10) === 0 ? new Uint8Array(mutated) : withValidChecksum(mutated)
  }
  const length = file.readUInt32LE(4)
  const body = file.subarray(HEADER_BYTES + length)
  const header = parseHeader(file.toString('utf8', HEADER_BYTES, HEADER_BYTES + length))
  if (header === null) return withValidChecksum(Buffer.from(mutateBytes(file)))
  const changes = 1 + random.below(2)
  for (let i = 0; i < changes; i++) {
    if (random.below(3) === 0)
      header['files'] = Array.from({ length: 1 + random.below(4) }, () => random.pick(HOSTILE_PATHS))
    else {
      const properties = listProperties(header)
      const [holder, key] = properties.length > 0 ? random.pick(properties) : [header, 'files']
      if (random.below(4) === 0) delete holder[key]
      else holder[key] = random.pick(HOSTILE_VALUES)
    }
  }
  return makeWriteLog(JSON.stringify(header), random.below(3) === 0 ? mutateBytes(body) : body)
}
