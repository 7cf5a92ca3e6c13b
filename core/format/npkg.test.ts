import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { NumPackError } from './errors.ts'
import { LIMITS } from './limits.ts'
import {
  encodeEntryHeader,
  encodePackageFooter,
  encodePackageHeader,
  entryNameProblem,
  type PackageIndex,
  readPackageIndex,
} from './npkg.ts'
import { appendCrc32, packageChecksum } from './npkg-checksum.ts'

function indexOf(bytes: Uint8Array): PackageIndex {
  const steps = readPackageIndex((offset, length) => bytes.subarray(offset, offset + length), bytes.length, 'x.npkg')
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

const EMPTY_METADATA = Buffer.from('4e504b42010000000000000000000000 00000000'.replaceAll(' ', ''), 'hex')

/** A package according to docs/format.md 3, byte by byte. */
const GOLDEN = Buffer.from(
  [
    '4e504b47 02000000 01 02000000',
    '0b000000 646174615f612e6e706b64 0300000000000000 0000000000000000 070809',
    '0d000000 6d657461646174612e6e706b6d 1400000000000000 0000000000000000',
    EMPTY_METADATA.toString('hex'),
    '78563412',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
)

test('a package is read field by field', () => {
  const { entries, ...rest } = indexOf(GOLDEN)
  expect(rest).toEqual({ version: 2, compression: 1, fileCount: 2, storedChecksum: 0x12345678, problem: null })
  expect(entries).toEqual([
    { name: 'data_a.npkd', originalSize: 3, compressedSize: 0, storedSize: 3, offset: 44, codec: 'raw', problem: null },
    {
      name: 'metadata.npkm',
      originalSize: 20,
      compressedSize: 0,
      storedSize: 20,
      offset: 80,
      codec: 'raw',
      problem: null,
    },
  ])
})

test('encoding a package gives the bytes that were decoded', () => {
  const written = Buffer.concat([
    encodePackageHeader(2, 1, 2),
    encodeEntryHeader('data_a.npkd', 3, 0),
    Uint8Array.of(7, 8, 9),
    encodeEntryHeader('metadata.npkm', 20, 0),
    EMPTY_METADATA,
    encodePackageFooter(0x12345678),
  ])
  expect(written.toString('hex')).toBe(GOLDEN.toString('hex'))
})

function codecOfPayload(...payload: number[]): string {
  const header = encodeEntryHeader('metadata.npkm', 1000, payload.length)
  const parts = [encodePackageHeader(1, 0, 1), header, Uint8Array.from(payload), new Uint8Array(4)]
  return indexOf(Buffer.concat(parts)).entries[0]!.codec
}

test('the codec of an entry comes from its payload, whatever the label says', () => {
  expect(codecOfPayload(0x28, 0xb5, 0x2f, 0xfd, 0)).toBe('zstd')
  for (const level of [0x01, 0x5e, 0x9c, 0xda]) expect(codecOfPayload(0x78, level, 0)).toBe('zlib')
  expect(codecOfPayload(0x48, 0x89)).toBe('zlib')
  expect(codecOfPayload(0x78, 0x00, 0)).toBe('unknown')
  expect(codecOfPayload(0x88, 0x1c, 0)).toBe('unknown')
  expect(codecOfPayload(0x28)).toBe('unknown')
  expect(codecOfPayload(0x50, 0x2a, 0x4d, 0x18)).toBe('unknown')
})

test.each([0, 4, 12])('a file of %i bytes is a truncated package or not a package', length => {
  const code = length < 4 ? 'NOT_A_PACKAGE' : 'DAMAGED'
  expect(() => indexOf(GOLDEN.subarray(0, length))).toThrow(expect.objectContaining({ code }) as Error)
})

test('truncating a package anywhere is detected', () => {
  for (let length = 13; length < GOLDEN.length; length++) {
    const { problem, entries } = indexOf(GOLDEN.subarray(0, length))
    expect(problem).toBeInstanceOf(NumPackError)
    expect(problem?.code).toBe('DAMAGED')
    expect(entries.length).toBeLessThanOrEqual(2)
  }
})

test('a package may contain only file names of a store', () => {
  for (const name of [
    'metadata.npkm',
    'data_.npkd',
    'data_a b.npkd',
    'data_数据.npkd',
    'deleted_..x.npkb',
    'data_a\nb.npkd',
  ]) {
    expect([name, entryNameProblem(name)]).toEqual([name, null])
  }
  const refused = ['', '.', '..', 'a.npkd', 'data_a.npkseg', 'METADATA.NPKM', 'metadata.npkm.tmp', '/metadata.npkm']
  refused.push('data_/../x.npkd', 'data_\\x.npkd', 'C:\\data_x.npkd', 'c:data_x.npkd', 'data_x.npkd/', 'data_\0.npkd')
  for (const name of refused) expect([name, entryNameProblem(name)]).toEqual([name, expect.any(String)])
})

test('checksums of parts combine into the checksum of the whole', () => {
  const random = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i) % 251))
  for (const cut of [0, 1, 2, 3, 4, 255, 256, 257, 4096, 4999, 5000]) {
    const [a, b] = [random.subarray(0, cut), random.subarray(cut)]
    expect(appendCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(random))
  }
  expect(appendCrc32(crc32(random), 0, 0)).toBe(crc32(random))
})

test('a checksum covers all bytes in version 1 and the files checksums in version 2', () => {
  const files = ['first', '', 'the third file'].map(text => Buffer.from(text))
  const described = files.map(file => ({ crc32: crc32(file), size: file.length }))
  expect(packageChecksum(1, described)).toBe(crc32(Buffer.concat(files)))
  expect(packageChecksum(0, described)).toBe(crc32(Buffer.concat(files)))
  const words = Buffer.alloc(12)
  for (const [i, file] of files.entries()) words.writeUInt32LE(crc32(file), 4 * i)
  expect(packageChecksum(2, described)).toBe(crc32(words))
})

/** Reads the index of a package of zeros after `header`; counts the bytes read. */
function indexOfZeros(header: Uint8Array, size: number): { index: PackageIndex; bytesRead: number } {
  let bytesRead = 0
  const read = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(Math.min(length, size - offset))
    if (offset < header.length) bytes.set(header.subarray(offset, offset + bytes.length))
    bytesRead += bytes.length
    return bytes
  }
  const steps = readPackageIndex(read, size, 'x.npkg')
  for (;;) {
    const step = steps.next()
    if (step.done === true) return { index: step.value, bytesRead }
  }
}

test.each([0xffffffff, 200_002])('a package that claims %i files is refused, and listed only in part', count => {
  const { index, bytesRead } = indexOfZeros(encodePackageHeader(1, 0, count), 200_000_000)
  expect(index).toMatchObject({ fileCount: count, storedChecksum: null, problem: { code: 'DAMAGED' } })
  expect(index.problem?.message).toMatch(/files can't fit|at most 200001 are opened/)
  expect(index.entries).toHaveLength(LIMITS.packageProblems)
  expect(bytesRead).toBeLessThan(1100 * LIMITS.packageProblems)
})

test('valid entries of a package that claims too many files are listed only in part', () => {
  const entries = Array.from({ length: 5000 }, (_, i) => encodeEntryHeader(`data_${i}.npkd`, 0, 0))
  const { entries: listed, problem } = indexOf(Buffer.concat([encodePackageHeader(1, 0, 0xffffffff), ...entries]))
  expect(listed).toHaveLength(LIMITS.packageProblems)
  expect(problem?.message).toContain("files can't fit")
})

test('listing stops after a bounded number of entries of zeros', () => {
  const { index, bytesRead } = indexOfZeros(encodePackageHeader(1, 0, LIMITS.packageFiles), 200_000_000)
  expect(index.entries).toHaveLength(LIMITS.packageProblems)
  expect(index.problem?.code).toBe('PATH_ESCAPE')
  expect(bytesRead).toBeLessThan(1100 * LIMITS.packageProblems)
})

test.each([300, 1024, 5000])('a name of %i bytes is truncated in memory', length => {
  const header = encodeEntryHeader(`data_${'\0'.repeat(length - 5)}`, 0, 0)
  const { entries, problem } = indexOf(Buffer.concat([encodePackageHeader(1, 0, 1), header, new Uint8Array(4)]))
  expect(entries[0]?.name.length).toBeLessThan(110)
  expect(problem).toMatchObject({ code: 'PATH_ESCAPE' })
  expect(problem?.message).toContain(`it has ${length} bytes`)
})

test('too large metadata is refused before it is decompressed', () => {
  const header = encodeEntryHeader('metadata.npkm', LIMITS.metadataBytes + 1, 4)
  const { problem } = indexOf(Buffer.concat([encodePackageHeader(1, 1, 1), header, new Uint8Array(8)]))
  expect(problem?.message).toContain(
    `can't have ${LIMITS.metadataBytes + 1} bytes, but ${LIMITS.metadataBytes} at most`,
  )
})

test('an entry is damaged if its payload is larger than any compression of it', () => {
  for (const [extra, isDamaged] of [
    [0, false],
    [1, true],
  ] as const) {
    const original = 160_000
    const stored = original + 10_000 + 65_536 + extra
    const bytes = Buffer.concat([
      encodePackageHeader(1, 1, 2),
      encodeEntryHeader('data_a.npkd', original, stored),
      Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd)], stored),
      encodeEntryHeader('metadata.npkm', EMPTY_METADATA.length, 0),
      EMPTY_METADATA,
      encodePackageFooter(0),
    ])
    const { entries, problem } = indexOf(bytes)
    expect(entries.map(entry => entry.problem === null)).toEqual([!isDamaged, true])
    expect(problem?.message ?? null).toBe(
      isDamaged
        ? "x.npkg: entry 'data_a.npkd' takes 235537 bytes for 160000. The package is damaged; use another copy."
        : null,
    )
  }
})
