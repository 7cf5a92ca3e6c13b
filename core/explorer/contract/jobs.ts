import { z } from 'zod'
import { Codec, Count, ErrorBody, Path } from './basics.ts'

/** Long work that the host does for its windows: what each kind is started with, and what it gives. */

/** One file inside a package, as it was read. */
const VerifiedFile = z.object({
  name: z.string(),
  originalSize: z.number(),
  /** As stored: 0 for a file that is not compressed. */
  compressedSize: z.number(),
  codec: Codec,
  /** Of the file's own bytes; null where they could not be read. */
  crc32: z.number().nullable(),
  fault: ErrorBody.nullable(),
})

export const JOB_KINDS = {
  /** Packs a store with compression, reads the package back and compares it with what was read from the store. */
  backup: {
    params: z.object({ source: Path, target: Path, overwrite: z.boolean() }),
    result: z.object({
      path: z.string(),
      files: Count,
      /** Bytes of the files, and of the package. */
      originalSize: z.number(),
      packageSize: z.number(),
    }),
  },
  /** Unpacks a package into a store. */
  unpack: {
    params: z.object({ source: Path, target: Path, overwrite: z.boolean() }),
    result: z.object({ path: z.string() }),
  },
  /** Reads a whole package. What is wrong with it is in the result, not the job's error. */
  verify: {
    params: z.object({ source: Path }),
    result: z.object({
      path: z.string(),
      version: Count,
      /** How many files are inside; `files` are the first of them, faulty ones before others. */
      fileCount: Count,
      files: z.array(VerifiedFile),
      storedChecksum: z.number().nullable(),
      /** null where not every file could be read. */
      computedChecksum: z.number().nullable(),
      /** The first thing that is wrong, or null: the package is whole. */
      fault: ErrorBody.nullable(),
      /** How many arrays of the metadata have no data inside; `missingArrays` are the first of them. */
      missingCount: Count,
      missingArrays: z.array(z.string()),
    }),
  },
} as const

export type JobKind = keyof typeof JOB_KINDS

export const Progress = z.object({
  bytesDone: z.number(),
  /** May grow when something is done again. 0 until it is known. */
  bytesTotal: z.number(),
  /** Bytes a second over the last seconds. */
  rate: z.number(),
  /** null until a rate is known. */
  secondsLeft: z.number().nullable(),
})

const requestOf = <K extends JobKind>(kind: K) => z.object({ kind: z.literal(kind), params: JOB_KINDS[kind].params })

const jobOf = <K extends JobKind>(kind: K) =>
  z.object({
    id: Count,
    ...requestOf(kind).shape,
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    progress: Progress,
    /** Milliseconds since 1970. */
    started: z.number(),
    ended: z.number().nullable(),
    /** Set when the job is done. */
    result: z.nullable(JOB_KINDS[kind].result as (typeof JOB_KINDS)[K]['result']),
    /** Set when the job failed. */
    error: ErrorBody.nullable(),
  })

export const JobRequest = z.discriminatedUnion('kind', [requestOf('backup'), requestOf('unpack'), requestOf('verify')])

export const Job = z.discriminatedUnion('kind', [jobOf('backup'), jobOf('unpack'), jobOf('verify')])
