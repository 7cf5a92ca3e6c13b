import { crc32, deflateSync, inflateSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { mutate } from '../oracle/mutate.ts'
import type { Random } from '../oracle/random.ts'
import { makeRecordHostile, metadataOf, recordsOf } from './hostile-records.ts'

/** Packages taken apart and put together again by docs/format.md 3, with hostile values and a valid checksum. */

const HEADER_BYTES = 13
/** Length of a name, original size and compressed size. */
const ENTRY_HEADER_BYTES = 20

interface PackagePart {
  name: string
  content: Uint8Array
  codec: 'raw' | 'zstd' | 'zlib'
  /** Sizes to write into the entry's header instead of the true ones. */
  original?: bigint
  compressed?: bigint
}

export interface PackageParts {
  version: number
  label: number
  /** File count to write into the header instead of the true one. */
  count?: number
  parts: PackagePart[]
}

const HOSTILE_NAMES = [
  '../x.npkd',
  '/tmp/data_x.npkd',
  'data_a/../../x.npkd',
  'data_..\\x.npkd',
  'C:data_x.npkd',
  'data_a\0.npkd',
  'data_.npkd',
  'data___proto__.npkd',
  'metadata.npkm',
  '.numpack.lock',
  'numpack-explorer.intent.tmp',
  'data_a_segments/seg_000000.npkd',
  'data_a.npkseg',
  `data_${'x'.repeat(300)}.npkd`,
  `data_${'x'.repeat(2000)}.npkd`,
  '',
  'data_CON.npkd',
  'deleted_a.npkb',
]

const HOSTILE_SIZES = [
  0n,
  1n,
  2n,
  100n,
  2n ** 20n,
  2n ** 31n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
]

/** Returns the entries of a package, decompressed; null for a damaged package. */
export function takeApart(file: Uint8Array): PackageParts | null {
  const bytes = Buffer.from(file)
  try {
    const parts: PackagePart[] = []
    let at = HEADER_BYTES
    for (let left = bytes.readUInt32LE(9); left > 0; left--) {
      const length = bytes.readUInt32LE(at)
      const name = bytes.toString('utf8', at + 4, at + 4 + length)
      at += 4 + length
      const original = Number(bytes.readBigUInt64LE(at))
      const compressed = Number(bytes.readBigUInt64LE(at + 8))
      at += 16
      const payload = bytes.subarray(at, at + (compressed === 0 ? original : compressed))
      at += payload.length
      const codec = compressed === 0 ? 'raw' : payload[0] === 0x28 ? 'zstd' : 'zlib'
      const limit = { maxOutputLength: 2 ** 22 }
      const content =
        codec === 'raw' ? payload : codec === 'zstd' ? zstdDecompressSync(payload, limit) : inflateSync(payload, limit)
      parts.push({ name, content, codec })
    }
    return { version: bytes.readUInt32LE(4), label: bytes[8]!, parts }
  } catch {
    // Some of the input is damaged; there are enough other packages.
    return null
  }
}

function putTogether({ version, label, count, parts }: PackageParts): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(HEADER_BYTES)
  head.write('NPKG')
  head.writeUInt32LE(version, 4)
  head.writeUInt8(label, 8)
  head.writeUInt32LE(count ?? parts.length, 9)
  const all: Buffer[] = [head]
  for (const { name, content, codec, original, compressed } of parts) {
    const payload = codec === 'raw' ? content : codec === 'zstd' ? zstdCompressSync(content) : deflateSync(content)
    const header = Buffer.alloc(ENTRY_HEADER_BYTES + Buffer.byteLength(name))
    header.writeUInt32LE(Buffer.byteLength(name))
    header.write(name, 4)
    header.writeBigUInt64LE(original ?? BigInt(content.length), header.length - 16)
    header.writeBigUInt64LE(compressed ?? BigInt(codec === 'raw' ? 0 : payload.length), header.length - 8)
    all.push(header, Buffer.from(payload))
  }
  const foot = Buffer.alloc(4)
  foot.writeUInt32LE(checksumOf(version, parts))
  return new Uint8Array(Buffer.concat([...all, foot]))
}

function checksumOf(version: number, parts: readonly PackagePart[]): number {
  if (version !== 2) return parts.reduce((crc, { content }) => crc32(content, crc), 0)
  return parts.reduce((crc, { content }) => {
    const own = Buffer.alloc(4)
    own.writeUInt32LE(crc32(content))
    return crc32(own, crc)
  }, 0)
}

/** Makes one to three hostile changes to a package. Its checksum matches the changed content. */
export function makeHostilePackage(whole: PackageParts, random: Random): Uint8Array<ArrayBuffer> {
  const changed: PackageParts = { ...whole, parts: whole.parts.map(part => ({ ...part })) }
  const changes = 1 + random.below(3)
  for (let i = 0; i < changes && changed.parts.length > 0; i++) change(changed, random)
  return putTogether(changed)
}

function change(whole: PackageParts, random: Random): void {
  const { parts } = whole
  const part = random.pick(parts)
  const metadata = parts.find(({ name }) => name === 'metadata.npkm') ?? part
  switch (random.below(13)) {
    case 0:
      part.name = random.pick(HOSTILE_NAMES)
      break
    case 1:
      part.original = random.pick(HOSTILE_SIZES)
      break
    case 2:
      part.compressed = random.pick(HOSTILE_SIZES)
      break
    case 3:
      part.codec = random.pick(['raw', 'zstd', 'zlib'] as const)
      break
    case 4:
      parts.push({ ...random.pick(parts) })
      break
    case 5:
      parts.splice(random.below(parts.length), 1)
      break
    case 6:
      parts.reverse()
      break
    case 7:
      whole.count = random.pick([0, 1, parts.length + 1, 200_001, 2 ** 32 - 1])
      break
    case 8:
      whole.version = random.below(4)
      whole.label = random.below(4)
      break
    case 9:
      part.content = mutate(part.content, random, [part.content])
      break
    case 10:
      metadata.content = mutate(metadata.content, random, [part.content])
      break
    default: {
      const records = recordsOf(metadata.content)
      if (records === null) break
      makeRecordHostile(records, random)
      metadata.content = metadataOf(records)
    }
  }
}
