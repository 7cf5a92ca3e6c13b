import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import type { PackageEntry } from '../format/npkg.ts'
import { type FileIdentity, isSameFile, statDescriptor } from '../system/file-stat.ts'
import { changedOnDisk } from '../system/handles.ts'
import { freeBytes } from '../system/free-space.ts'
import { doing } from '../system/io-error.ts'
import { NO_FOLLOW } from '../system/plain-file.ts'
import { decodeEntry } from './codec.ts'
import type { Control } from './control.ts'
import { CHUNK_BYTES, type InputFile } from './input-file.ts'
import { openPackageFile } from './package-file.ts'
import { giveBack, type SpoolState, SpoolWriter } from './spool-state.ts'
import { type ZstdBackend, zstdBy } from './zstd.ts'

/** Job that decompresses one entry into a file that others read while it grows. */
export interface SpoolJob {
  readonly package: PackageToSpool
  readonly entry: Omit<PackageEntry, 'problem'>
  readonly spool: SpoolTarget
  readonly state: SpoolState
}

/** A sparse file of the entry's size, made by this process. */
export interface SpoolTarget {
  readonly path: string
  readonly identity: FileIdentity
  /** Bytes on disk of all spools of this process, as one shared number. */
  readonly taken: BigInt64Array
}

export interface PackageToSpool {
  readonly path: string
  readonly state: string
  readonly zstd: ZstdBackend | undefined
}

/** Opens a package again. Throws `CHANGED_ON_DISK` if it is not in the same state as before. */
export function openSame({ path, state }: PackageToSpool): InputFile {
  const input = openPackageFile(path)
  if (input.state === state) return input
  input[Symbol.dispose]()
  throw new NumPackError('CHANGED_ON_DISK', `${path} changed on disk while it was open. Open it again.`, { path })
}

/** Decompresses the entry as far as readers request it. Always records the outcome in the job's state. */
export async function spoolEntry(job: SpoolJob, control: Control): Promise<void> {
  const { entry } = job
  const state = new SpoolWriter(job.state)
  let fd = -1
  try {
    using input = openSame(job.package)
    fd = openSpool(job.spool)
    const output = new SpoolOutput(fd, job)
    let position = 0
    const pieces = decodeEntry(input, { ...entry, problem: null }, zstdBy(job.package.zstd), control)
    for await (const piece of pieces) {
      output.write(piece, position)
      // Rows of a package that is overwritten meanwhile must not appear as those of the opened one.
      input.checkUnchanged()
      position += piece.length
      state.advance(position)
      control.advance(piece.length)
      if (position === entry.originalSize) continue
      if (!state.isWanted(position)) control.report()
      state.waitFor(position, () => control.check())
    }
    state.finish()
  } catch (error) {
    state.advance(0)
    if (fd >= 0) discardOutput(fd, job)
    state.fail(error)
  } finally {
    if (fd >= 0) closeSync(fd)
  }
}

/** Returns a descriptor of the spool. Throws `CHANGED_ON_DISK` for another file, or `IO`. */
export function openSpool({ path, identity }: SpoolTarget): number {
  const fd = doing('open', path, () => openSync(path, constants.O_RDWR | NO_FOLLOW))
  if (isSameFile(statDescriptor(fd), identity)) return fd
  closeSync(fd)
  throw changedOnDisk(path, 'it was replaced by another file')
}

/** Empties the spool of a decompression that failed, and no longer counts its bytes. */
function discardOutput(fd: number, { spool, state }: SpoolJob): void {
  try {
    ftruncateSync(fd, 0)
  } catch (error) {
    // The file is removed with the package at the latest.
    if (!(error instanceof Error)) throw error
  }
  Atomics.sub(spool.taken, 0, BigInt(giveBack(state)))
}

const ZEROS = Buffer.alloc(CHUNK_BYTES)
/** Bytes written between two checks of the free space. */
const CHECK_BYTES = 16 * 2 ** 20

/** Writes to a spool: not the parts that are zero, and no more than a share of the free space (`LIMITS.spoolShare`). */
export class SpoolOutput {
  readonly #fd: number
  readonly #job: Pick<SpoolJob, 'entry' | 'package' | 'spool' | 'state'>
  #bytesSinceCheck = CHECK_BYTES

  constructor(fd: number, job: Pick<SpoolJob, 'entry' | 'package' | 'spool' | 'state'>) {
    this.#fd = fd
    this.#job = job
  }

  write(bytes: Uint8Array, position: number): void {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const part = bytes.subarray(at, at + CHUNK_BYTES)
      if (ZEROS.compare(part, 0, part.length, 0, part.length) !== 0) this.#writePart(part, position + at)
    }
  }

  #writePart(bytes: Uint8Array, position: number): void {
    const { spool, state } = this.#job
    this.#bytesSinceCheck += bytes.length
    if (this.#bytesSinceCheck >= CHECK_BYTES) this.#checkSpace(bytes.length)
    new SpoolWriter(state).take(bytes.length)
    Atomics.add(spool.taken, 0, BigInt(bytes.length))
    doing('write', spool.path, () => {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#fd, bytes, done, bytes.length - done, position + done)
      }
    })
  }

  #checkSpace(bytes: number): void {
    this.#bytesSinceCheck = 0
    const { entry, spool, package: source } = this.#job
    const free = freeBytes(dirname(spool.path))
    const taken = Number(Atomics.load(spool.taken, 0))
    if (free === null || taken + bytes <= LIMITS.spoolShare * (free + taken)) return
    throw new NumPackError(
      'NO_SPACE',
      `Looking at entry '${entry.name}' of ${source.path} would take more than ${100 * LIMITS.spoolShare}% of the space that is free for ${dirname(spool.path)}. Free some space, or unpack the package to another disk.`,
      { path: source.path, entry: entry.name },
    )
  }
}
