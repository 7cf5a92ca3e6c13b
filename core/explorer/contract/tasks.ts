import { z } from 'zod'
import { Codec, Count, ErrorBody, Path } from './basics.ts'
import { ColumnStatisticsParams, StatisticsParams } from './statistics.ts'

/** Long work: what each kind of task is started with, and what it gives. */

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

/** Tasks that belong to the host: every window sees them. */
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

/** Tasks that belong to the windows that started them. Their results are read with `readTaskResult`. */
export const STATISTICS_KINDS = {
  /** Statistics of an array or a part of it. */
  statistics: { params: StatisticsParams, result: z.null() },
  /** Statistics of each column of a page of columns. */
  columnStatistics: { params: ColumnStatisticsParams, result: z.null() },
} as const

export type JobKind = keyof typeof JOB_KINDS
export type StatisticsKind = keyof typeof STATISTICS_KINDS

export const Progress = z.object({
  bytesDone: z.number(),
  /** May grow when something is done again. 0 until it is known. */
  bytesTotal: z.number(),
  /** Bytes a second over the last seconds. */
  rate: z.number(),
  /** null until a rate is known. */
  secondsLeft: z.number().nullable(),
})

interface KindSchemas<P extends z.ZodType, R extends z.ZodType> {
  params: P
  result: R
}

const requestOf = <K extends string, P extends z.ZodType>(kind: K, { params }: { params: P }) =>
  z.object({ kind: z.literal(kind), params })

const taskOf = <K extends string, P extends z.ZodType, R extends z.ZodType>(kind: K, schemas: KindSchemas<P, R>) =>
  z.object({
    id: Count,
    kind: z.literal(kind),
    params: schemas.params,
    /** A task that waits for its turn is running, too. */
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    progress: Progress,
    /** Milliseconds since 1970. */
    started: z.number(),
    ended: z.number().nullable(),
    /** How many results `readTaskResult` had so far, the partial ones included; 0 for jobs. */
    results: Count,
    /** Set when a job is done. */
    result: schemas.result.nullable(),
    /** Set when the task failed. */
    error: ErrorBody.nullable(),
  })

export const JobRequest = z.discriminatedUnion('kind', [
  requestOf('backup', JOB_KINDS.backup),
  requestOf('unpack', JOB_KINDS.unpack),
  requestOf('verify', JOB_KINDS.verify),
])

export const StatisticsRequest = z.discriminatedUnion('kind', [
  requestOf('statistics', STATISTICS_KINDS.statistics),
  requestOf('columnStatistics', STATISTICS_KINDS.columnStatistics),
])

export const TaskRequest = z.discriminatedUnion('kind', [JobRequest, StatisticsRequest])

export const Job = z.discriminatedUnion('kind', [
  taskOf('backup', JOB_KINDS.backup),
  taskOf('unpack', JOB_KINDS.unpack),
  taskOf('verify', JOB_KINDS.verify),
])

export const StatisticsTask = z.discriminatedUnion('kind', [
  taskOf('statistics', STATISTICS_KINDS.statistics),
  taskOf('columnStatistics', STATISTICS_KINDS.columnStatistics),
])

export const Task = z.discriminatedUnion('kind', [Job, StatisticsTask])
