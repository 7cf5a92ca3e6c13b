import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { LIMITS } from '../format/limits.ts'
import { LOCK_FILE } from '../format/names.ts'
import { NumPackError } from '../format/errors.ts'
import { type PackageIndex, readPackageIndex } from '../format/npkg.ts'
import { openPackedStore } from '../packages/opened-package.ts'
import { STORES } from '../test-support/fixture-stores.ts'
import { CountingControl } from '../packages/test-support/counting-control.ts'
import { unpackFile } from '../packages/unpack.ts'
import type { ZstdBackend } from '../packages/zstd.ts'
import { scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { watchAllocations } from '../test-support/allocations.ts'
import { mutate } from './mutate.ts'
import { PATIENCE, randomFrom, seed } from './random.ts'
import { scratchFolder } from './scratch.ts'

const HEADERS = scaleCount(350_000, { min: 100_000 })
/** Set MUTATED_PACKAGES for more: each is written, unpacked and read back. */
const ON_DISK = Number(process.env['MUTATED_PACKAGES'] ?? 1500)
const SLACK = 4096

const packages = ['', 'damaged'].flatMap(folder =>
  readdirSync(join(STORES, folder))
    .filter(file => file.endsWith('.npkg') && file !== 'library.npkg')
    .sort()
    .map(file => readFileSync(join(STORES, folder, file))),
)

interface ReferenceEntry {
  name: string
  original: bigint
  compressed: bigint
  offset: number
}

/** Reads a package by a naive implementation of docs/format.md 3; null for a damaged one. */
function reference(file: Uint8Array): { entries: ReferenceEntry[]; checksum: number } | null {
  const bytes = Buffer.from(file)
  try {
    if (bytes.toString('latin1', 0, 4) !== 'NPKG' || bytes.readUInt32LE(4) > 2) return null
    const entries: ReferenceEntry[] = []
    let at = 13
    for (let left = bytes.readUInt32LE(9); left > 0; left--) {
      const length = bytes.readUInt32LE(at)
      if (at + 4 + length > bytes.length) return null
      const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        bytes.subarray(at + 4, at + 4 + length),
      )
      at += 4 + length
      const original = bytes.readBigUInt64LE(at)
      const compressed = bytes.readBigUInt64LE(at + 8)
      at += 16
      entries.push({ name, original, compressed, offset: at })
      const stored = compressed === 0n ? original : compressed
      if (stored > BigInt(bytes.length) || stored > original + original / 16n + 65_536n) return null
      at += Number(stored)
    }
    if (at + 4 !== bytes.length) return null
    const names = entries.map(({ name }) => name)
    if (new Set(names).size !== names.length || !names.includes('metadata.npkm')) return null
    if (!names.every(name => /^(metadata\.npkm|data_[^/\\\0]*\.npkd|deleted_[^/\\\0]*\.npkb)$/s.test(name))) return null
    if (
      entries.some(
        ({ name, original }) => original > (name === 'metadata.npkm' ? BigInt(LIMITS.metadataBytes) : 2n ** 53n - 1n),
      )
    )
      return null
    return { entries, checksum: bytes.readUInt32LE(at) }
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null
    throw error
  }
}

function indexOf(bytes: Uint8Array): PackageIndex | NumPackError {
  const steps = readPackageIndex((offset, length) => bytes.subarray(offset, offset + length), bytes.length, 'x.npkg')
  try {
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
    }
  } catch (error) {
    if (error instanceof NumPackError) return error
    throw error
  }
}

function describeRun(run: number, file: Uint8Array): string {
  return `run ${run} of seed ${seed}, the file in base64: ${Buffer.from(file).toString('base64')}`
}

test(
  `${HEADERS} mutated packages are listed correctly or refused (ORACLE_SEED=${seed})`,
  () => {
    const random = randomFrom(seed)
    let read = 0
    for (let run = 0; run < HEADERS; run++) {
      const file = mutate(random.pick(packages), random, packages)
      const wanted = reference(file)
      const { result, largest } = watchAllocations(() => indexOf(file))
      const ours = result instanceof NumPackError || result.problem !== null ? null : result
      const same =
        wanted === null
          ? ours === null
          : ours !== null &&
            ours.storedChecksum === wanted.checksum &&
            ours.entries.length === wanted.entries.length &&
            ours.entries.every(({ name, originalSize, compressedSize, offset }, i) => {
              const entry = wanted.entries[i]!
              const sizes = originalSize === Number(entry.original) && compressedSize === Number(entry.compressed)
              return name === entry.name && sizes && offset === entry.offset
            })
      if (wanted !== null) read++
      if (!same || largest > file.length + SLACK) throw new Error(describeRun(run, file))
    }
    expect(read).toBeGreaterThan(HEADERS / 20)
  },
  scaleTimeout({ minutes: 30 }),
)

test.each<ZstdBackend>(['zstd-napi', 'node'])(
  `${ON_DISK} mutated packages are unpacked correctly or not at all, by %s (ORACLE_SEED=${seed})`,
  async zstd => {
    using folder = scratchFolder()
    const random = randomFrom(seed)
    const source = join(folder.path, 'x.npkg')
    const inside = join(folder.path, 'inside')
    mkdirSync(inside)
    let unpacked = 0
    for (let run = 0; run < ON_DISK; run++) {
      const file = mutate(random.pick(packages), random, packages)
      writeFileSync(source, file)
      const target = join(inside, 'x.npk')
      const outcome = await unpackFile(
        { source, target, overwrite: true, verify: run % 2 === 0, zstd },
        new CountingControl(),
      ).catch((error: unknown) => error)
      if (outcome !== undefined && !(outcome instanceof NumPackError)) {
        throw new Error(describeRun(run, file), { cause: outcome })
      }
      expect(readdirSync(folder.path).sort()).toEqual(['inside', 'x.npkg'])
      const left = readdirSync(inside)
      // What an earlier run unpacked stays until another package replaces it.
      expect(left).toEqual(unpacked > 0 || outcome === undefined ? ['x.npk'] : [])
      if (outcome !== undefined) continue
      unpacked++
      const { entries, checksum } = reference(file)!
      const names = entries.map(({ name }) => name)
      const files = readdirSync(target).filter(name => name !== LOCK_FILE)
      expect(files.sort()).toEqual(names.toSorted())
      const contents = names.map(name => readFileSync(join(target, name)))
      expect(contents.map(({ length }) => BigInt(length))).toEqual(entries.map(({ original }) => original))
      const perFile = Buffer.alloc(4 * contents.length)
      for (const [i, content] of contents.entries()) perFile.writeUInt32LE(crc32(content), 4 * i)
      const computed = crc32(file[4] === 2 ? perFile : Buffer.concat(contents))
      if (run % 2 === 0 && computed !== checksum) throw new Error(`wrong checksum, ${describeRun(run, file)}`)
    }
    expect(unpacked).toBeGreaterThan(ON_DISK / 100)
  },
  PATIENCE * Math.max(1, ON_DISK / 10_000),
)

test(
  `mutated packages are opened and read correctly or refused (ORACLE_SEED=${seed})`,
  async () => {
    using folder = scratchFolder()
    const random = randomFrom(seed)
    const source = join(folder.path, 'x.npkg')
    const cacheFolder = join(folder.path, 'cache')
    let loaded = 0
    for (let run = 0; run < ON_DISK; run++) {
      const file = mutate(random.pick(packages), random, packages)
      writeFileSync(source, file)
      try {
        using opened = await openPackedStore(source, { cacheFolder })
        const damaged = new Set(opened.damaged.map(({ name }) => name))
        for (const name of opened.getMemberList().filter(name => !damaged.has(name))) {
          const shape = opened.getShape(name)
          expect(opened.load(name).shape).toEqual(shape)
          loaded++
        }
      } catch (error) {
        if (!(error instanceof NumPackError)) throw new Error(describeRun(run, file), { cause: error })
      }
    }
    expect(loaded).toBeGreaterThan(ON_DISK / 100)
    expect(readdirSync(cacheFolder)).toEqual([])
  },
  PATIENCE * Math.max(1, ON_DISK / 10_000),
)
