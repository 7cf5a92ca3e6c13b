import type { Random } from '../oracle/random.ts'

/** Metadata with a valid structure and hostile values, encoded after docs/format.md 1.1 instead of by the engine. */

const NAMES = [
  '',
  '.',
  '..',
  '../canary/secret',
  '/proc/self/nothing',
  'a/b',
  'a\\b',
  'C:\\a',
  'con',
  'a\0b',
  '__proto__',
  'constructor',
  'toString',
  'a.',
  'ü'.repeat(121),
  'x'.repeat(241),
  'x'.repeat(300),
  'x'.repeat(5000),
  '\u202egnp.exe',
  '\u001b[2J',
]

const DATA_FILES = [
  '../canary/secret.npkd',
  '../canary/data_a.npkd',
  '/proc/self/nothing',
  '..\\canary\\secret.npkd',
  'metadata.npkm',
  '.numpack.lock',
  'numpack-explorer.intent.tmp',
  'numpack-explorer.switch.tmp/current/data_a.npkd',
  'data_a.npkd',
  'data_b.npkd',
  'deleted_a.npkb',
  'data_a.npkseg',
  'data_a_segments',
  'data_a_segments/../../canary/secret.npkd',
  '.',
  '..',
  '',
  'a\0.npkd',
  `${'d/'.repeat(200)}x.npkd`,
  `${'x'.repeat(5000)}.npkd`,
]

const LENGTHS = [
  0n,
  1n,
  3n,
  100n,
  2n ** 31n,
  2n ** 32n,
  2n ** 40n,
  24_394_072_076n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 60n,
  2n ** 63n,
  2n ** 64n - 1n,
]

export interface HostileRecord {
  name: string
  shape: bigint[]
  dataFile: string
  lastModified: bigint
  sizeBytes: bigint
  dtype: number
  algorithm: number
  blocks: number
}

export function recordsOf(metadata: Uint8Array): HostileRecord[] | null {
  const bytes = Buffer.from(metadata)
  if (bytes.toString('latin1', 0, 4) !== 'NPKB') return null
  let at = 20
  const readU32 = (): number => bytes.readUInt32LE((at += 4) - 4)
  const readU64 = (): bigint => bytes.readBigUInt64LE((at += 8) - 8)
  const readText = (): string => {
    const length = readU32()
    at += length
    return bytes.toString('utf8', at - length, at)
  }
  try {
    return Array.from({ length: bytes.readUInt32LE(16) }, () => {
      const name = readText()
      const shape = Array.from({ length: readU32() }, readU64)
      const record = {
        name,
        shape,
        dataFile: readText(),
        lastModified: readU64(),
        sizeBytes: readU64(),
        dtype: bytes[at]!,
      }
      at += 23
      return { ...record, algorithm: 0, blocks: 0 }
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return bytes
}

const text = (value: string): Buffer[] => [u32(Buffer.byteLength(value)), Buffer.from(value)]

export function metadataOf(records: readonly HostileRecord[]): Uint8Array<ArrayBuffer> {
  const parts = records.flatMap(({ name, shape, dataFile, lastModified, sizeBytes, dtype, algorithm, blocks }) => [
    ...text(name),
    u32(shape.length),
    ...shape.map(u64),
    ...text(dataFile),
    u64(lastModified),
    u64(sizeBytes),
    Buffer.from([dtype, algorithm]),
    Buffer.alloc(20),
    Buffer.from([blocks]),
    ...(blocks === 0 ? [] : [Buffer.alloc(17), u32(0)]),
  ])
  const total = records.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0n)
  return new Uint8Array(Buffer.concat([Buffer.from('NPKB'), u32(1), u64(total), u32(records.length), ...parts]))
}

export function makeRecordHostile(records: HostileRecord[], random: Random): void {
  if (records.length === 0) return
  const record = random.pick(records)
  const other = random.pick(records)
  switch (random.below(10)) {
    case 0:
      record.name = random.below(3) === 0 ? other.name : random.pick(NAMES)
      break
    case 1:
    case 2:
      record.dataFile = random.below(3) === 0 ? other.dataFile : random.pick(DATA_FILES)
      break
    case 3:
    case 4:
      if (record.shape.length > 0) record.shape[random.below(record.shape.length)] = random.pick(LENGTHS)
      break
    case 5:
      record.shape = Array.from({ length: random.pick([0, 1, 2, 3, 64, 65, 1000]) }, () => random.pick(LENGTHS))
      break
    case 6:
      record.shape = random.pick([
        [0n],
        [0n, 2n ** 53n - 1n],
        [2n ** 53n - 1n, 0n],
        [2n ** 40n, 0n],
        [1n, 2n ** 24n],
        [],
      ])
      break
    case 7:
      record.dtype = random.below(256)
      break
    case 8:
      record.sizeBytes = random.pick(LENGTHS)
      record.lastModified = random.pick(LENGTHS)
      break
    default:
      record.algorithm = random.below(3)
      record.blocks = random.below(3)
  }
}
