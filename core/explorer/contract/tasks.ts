import { z } from 'zod'
import { Codec, Count, ErrorBody, Path } from './basics.ts'
import { LinesParams, SampleParams } from './readings.ts'
import { ColumnStatisticsParams, StatisticsParams } from './statistics.ts'

const VerifiedFile = z.object({
  name: z.string(),
  originalSize: z.number(),
  /** From the package's headers: 0 for a file that is not compressed. */
  compressedSize: z.number(),
  codec: Codec,
  /** CRC-32 of the unpacked file; null when it could not be read. */
  crc32: z.number().nullable(),
  fault: ErrorBody.nullable(),
})

/** Tasks that belong to the host: every window sees them. */
export const JOB_KINDS = {
  /** Packs a store with compression, then reads the package back and compares it with the store. */
  backup: {
    params: z.object({ source: Path, target: Path, overwrite: z.boolean() }),
    result: z.object({
      path: z.string(),
      files: Count,
      originalSize: z.number(),
      packageSize: z.number(),
      /** Number of files in the package that can't be unpacked on Windows because of their names. */
      notOnWindows: Count,
    }),
  },
  unpack: {
    params: z.object({ source: Path, target: Path, overwrite: z.boolean() }),
    result: z.object({ path: z.string() }),
  },
  /** Verifies a whole package. A damaged package is a result with a `fault`, not a failed job. */
  verify: {
    params: z.object({ source: Path }),
    result: z.object({
      path: z.string(),
      version: Count,
      /** Number of files in the package; `files` lists only the first, faulty ones before others. */
      fileCount: Count,
      files: z.array(VerifiedFile),
      storedChecksum: z.number().nullable(),
      computedChecksum: z.number().nullable(),
      /** The first fault; null when the package is intact. */
      fault: ErrorBody.nullable(),
      /** Number of arrays in the metadata without data in the package; `missingArrays` lists only the first. */
      missingCount: Count,
      missingArrays: z.array(z.string()),
    }),
  },
} as const

/** Tasks that read an array. They belong to the windows that started them; `readTaskResult` gives their results. */
export const ARRAY_TASK_KINDS = {
  statistics: { params: StatisticsParams, result: z.null() },
  columnStatistics: { params: ColumnStatisticsParams, result: z.null() },
  lines: { params: LinesParams, result: z.null() },
  sample: { params: SampleParams, result: z.null() },
} as const

/** Minimum interval between progress events of a task, in milliseconds. */
export const PROGRESS_EVERY_MS = 100

export type JobKind = keyof typeof JOB_KINDS
export type ArrayTaskKind = keyof typeof ARRAY_TASK_KINDS

export const Progress = z.object({
  bytesDone: z.number(),
  /** 0 until it is known. Grows when a part is done again. */
  bytesTotal: z.number(),
  /** Bytes per second over the last seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
})

export const NO_PROGRESS: z.infer<typeof Progress> = { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null }

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
    /** A task that waits for its turn counts as running. */
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    progress: Progress,
    /** Milliseconds since 1970. */
    started: z.number(),
    ended: z.number().nullable(),
    /** Number of results for `readTaskResult` so far, partial ones included; 0 for jobs. */
    results: Count,
    result: schemas.result.nullable(),
    error: ErrorBody.nullable(),
  })

export const JobRequest = z.discriminatedUnion('kind', [
  requestOf('backup', JOB_KINDS.backup),
  requestOf('unpack', JOB_KINDS.unpack),
  requestOf('verify', JOB_KINDS.verify),
])

export const ArrayTaskRequest = z.discriminatedUnion('kind', [
  requestOf('statistics', ARRAY_TASK_KINDS.statistics),
  requestOf('columnStatistics', ARRAY_TASK_KINDS.columnStatistics),
  requestOf('lines', ARRAY_TASK_KINDS.lines),
  requestOf('sample', ARRAY_TASK_KINDS.sample),
])

export const TaskRequest = z.discriminatedUnion('kind', [JobRequest, ArrayTaskRequest])

export const Job = z.discriminatedUnion('kind', [
  taskOf('backup', JOB_KINDS.backup),
  taskOf('unpack', JOB_KINDS.unpack),
  taskOf('verify', JOB_KINDS.verify),
])

export const ArrayTask = z.discriminatedUnion('kind', [
  taskOf('statistics', ARRAY_TASK_KINDS.statistics),
  taskOf('columnStatistics', ARRAY_TASK_KINDS.columnStatistics),
  taskOf('lines', ARRAY_TASK_KINDS.lines),
  taskOf('sample', ARRAY_TASK_KINDS.sample),
])

export const Task = z.discriminatedUnion('kind', [Job, ArrayTask])
