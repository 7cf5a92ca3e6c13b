import { closeSync, openSync, writeSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import type { PackageEntry } from '../format/npkg.ts'
import { decodeEntry } from './codec.ts'
import type { Control } from './control.ts'
import type { InputFile } from './input-file.ts'
import { openPackageFile } from './package-file.ts'
import { type SpoolState, SpoolWriter } from './spool-state.ts'
import { writeError } from './write-error.ts'
import { type ZstdBackend, zstdBy } from './zstd.ts'

/** Decompressing one entry into a file that others read while it grows. */
export interface SpoolJob {
  readonly package: PackageToSpool
  readonly entry: Omit<PackageEntry, 'problem'>
  /** An empty file. */
  readonly path: string
  readonly state: SpoolState
}

/** The package whose entries are decompressed. */
export interface PackageToSpool {
  readonly path: string
  /** `InputFile.identity` when it was opened. */
  readonly identity: string
  readonly zstd: ZstdBackend | undefined
}

/** Opens the package again. Throws `CHANGED_ON_DISK` when it is no longer what it was. */
export function openSame({ path, identity }: PackageToSpool): InputFile {
  const input = openPackageFile(path)
  if (input.identity === identity) return input
  input[Symbol.dispose]()
  throw new NumPackError('CHANGED_ON_DISK', `${path} changed on disk while it was open. Open it again.`, { path })
}

/** Decompresses the entry; what became of it stands in the job's state, whatever happens. */
export async function spoolEntry(job: SpoolJob, control: Control): Promise<void> {
  const { entry, path } = job
  const state = new SpoolWriter(job.state)
  try {
    using input = openSame(job.package)
    const fd = openSync(path, 'r+')
    try {
      let position = 0
      for await (const piece of decodeEntry(input, { ...entry, problem: null }, zstdBy(job.package.zstd))) {
        control.check()
        try {
          for (let done = 0; done < piece.length; ) {
            done += writeSync(fd, piece, done, piece.length - done, position + done)
          }
        } catch (error) {
          throw writeError(error, path)
        }
        position += piece.length
        state.advance(position)
      }
    } finally {
      closeSync(fd)
    }
    state.finish()
  } catch (error) {
    state.fail(error)
  }
}
