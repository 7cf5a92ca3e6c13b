import { z } from 'zod'
import { isJson } from '../../format/bounded.ts'
import { DTYPES } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { Count, Name, Path, Range, StoreId } from './basics.ts'
import { View, PackedFile, ArrayFile, StoreInfo, Place, Backup, Recent, FolderEntry } from './stores.ts'
import { Figures } from './statistics.ts'
import { Job, Task, TaskRequest } from './tasks.ts'
import { PARTS } from '../../format/numbers.ts'

/** Any JSON value. Looked through once, up to the first part that is none: zod's own schema collects errors of every part. */
const Json = z.custom<z.core.util.JSONType>(isJson, 'must be JSON')

/** What every request and reply between a window and its host looks like. The types are derived from these schemas. */

/** A block of elements: which, and from which array. `rows` are positions in the view, `columns` count along the last axis. */
const BlockParams = z.object({
  store: StoreId,
  array: Name,
  view: View,
  rows: Range,
  columns: Range,
  /** Indices along the middle axes; empty for 0-D to 2-D arrays. */
  index: z.array(Count).max(LIMITS.axes),
})

/**
 * The header of a block's bytes (block-codec.ts). Without row numbers the physical row is the position. Rows beyond the
 * array's end are left out: `rows` says what came.
 */
const WindowHeader = z.object({
  dtype: z.enum(DTYPES),
  rows: Range,
  columns: Range,
  hasRowNumbers: z.boolean(),
  /** Logical row of the first row that is not deleted in this window (view `all`); equals `rows[0]` in view `active`. */
  firstLogical: Count,
  generation: Count,
})

/** `count` places along an axis, `step` apart. */
const AxisSteps = z.object({ start: Count, count: Count, step: z.int().positive() })

const SeriesParams = z
  .object({
    store: StoreId,
    array: Name,
    view: View,
    /** Along the rows, a line is a column; along the columns (the last axis) it is a row. */
    along: z.enum(['rows', 'columns']),
    /** Columns, or positions of rows in the view. */
    lines: z.array(Count).min(1).max(LIMITS.seriesLines),
    /** Indices along the middle axes. */
    index: z.array(Count).max(LIMITS.axes),
    /** Positions along the lines. */
    range: Range,
    /** Bucket b holds the positions [b * bucket, (b + 1) * bucket). */
    bucket: z.int().positive(),
    part: z.enum(PARTS),
  })
  .refine(({ range: [start, stop], bucket }) => (stop - start) / bucket < LIMITS.seriesBuckets - 1, {
    message: `a line has at most ${LIMITS.seriesBuckets} buckets`,
  })

const nothing = z.object({})
const done = z.object({})

/**
 * Every request a window can make. `params` is checked at the host; `result` is what comes back as JSON, beside bytes
 * where `bytes` is true.
 */
export const METHODS = {
  /** What this host is and can do; asked once when a window starts. */
  environment: {
    params: nothing,
    result: z.object({
      host: z.enum(['electron', 'browser']),
      /** 'win32', 'darwin' or 'linux'. */
      platform: z.string(),
      version: z.string(),
      homeFolder: z.string(),
      /** The sample store that comes with the program. */
      sampleStore: z.string(),
      /** The system's dialogs are there (`pickFolder`, `pickPackages`, `pickTarget`). */
      canPickFolder: z.boolean(),
      /** The system's file manager can show a path (`showInFolder`). */
      canShowInFolder: z.boolean(),
      /** Stores and packages to open at the start: from the command line, or the sample store. */
      openPaths: z.array(z.string()),
      /** One sentence for each thing that doesn't work here (for example: recents, when SQLite can't load). */
      notices: z.array(z.string()),
    }),
    bytes: false,
  },
  /** Opens a store or a package to read; opening one that is open gives the same id. `place` is where the user was, when the store is a recent one. */
  openStore: {
    params: z.object({ path: Path }),
    result: z.object({ store: StoreInfo, place: Place.nullable() }),
    bytes: false,
  },
  closeStore: { params: z.object({ store: StoreId }), result: done, bytes: false },
  /** The files in an open package, in its order. */
  listPackedFiles: {
    params: z.object({ store: StoreId }),
    result: z.object({ files: z.array(PackedFile) }),
    bytes: false,
  },
  /** The files that an array lies in: its data (a segmented array's list, then its segments), and its bitmap where there is one. */
  listArrayFiles: {
    params: z.object({ store: StoreId, array: Name }),
    result: z.object({ files: z.array(ArrayFile) }),
    bytes: false,
  },
  /**
   * Where a backup of a store or what is unpacked from a package would go: into `folder` if it is there, else beside
   * `source`. `free` is a name that nothing has, numbered where something has the usual one.
   */
  suggestTarget: {
    params: z.object({ kind: z.enum(['backup', 'unpack']), source: Path, folder: Path.nullable() }),
    result: z.object({ target: z.string(), taken: z.boolean(), free: z.string() }),
    bytes: false,
  },
  /**
   * What would happen to a target that somebody typed: the path as it would be written, whether something has it, and
   * why it can't be used at all, or null.
   */
  checkTarget: {
    params: z.object({ kind: z.enum(['backup', 'unpack']), source: Path, target: Path }),
    result: z.object({ target: z.string(), taken: z.boolean(), problem: z.string().nullable() }),
    bytes: false,
  },
  /** Reads a block of elements, at most `LIMITS.windowElements`; a row without columns counts as one. */
  readWindow: { params: BlockParams, result: WindowHeader, bytes: true },
  /**
   * The extremes of lines through an array, bucket by bucket. Answers within some milliseconds with what it has by then:
   * `range` says which positions came, the rest is asked for anew and may go on with the last bucket. Bytes: for each
   * line, for each bucket, four float64: minimum, maximum, position of the first minimum and of the first maximum; NaN
   * where no value is finite.
   */
  readSeries: {
    params: SeriesParams,
    result: z.object({
      range: Range,
      /** Positions that there are along the lines. */
      size: Count,
      firstBucket: Count,
      buckets: Count,
      generation: Count,
    }),
    bytes: true,
  },
  /**
   * Evenly spaced elements of every axis, the first one counting positions of the view; for pictures and samples.
   * Answers within some milliseconds with what it has by then: of the places of axis `along`, `done` came. No axis
   * before that one may have several places. Bytes: the elements in C order.
   */
  readSteps: {
    params: z.object({
      store: StoreId,
      array: Name,
      view: View,
      axes: z.array(AxisSteps).max(LIMITS.axes),
      along: Count,
    }),
    result: z.object({ dtype: z.enum(DTYPES), done: Count, generation: Count }),
    bytes: true,
  },
  /** One element in full; its bytes are the reply's bytes. */
  describeCell: {
    params: z.object({
      store: StoreId,
      array: Name,
      view: View,
      row: Count,
      column: Count,
      index: z.array(Count).max(LIMITS.axes),
    }),
    result: z.object({
      dtype: z.enum(DTYPES),
      /** null for a deleted row. */
      logicalRow: Count.nullable(),
      physicalRow: Count,
      /** The file that holds the element, relative to the store, and the element's offset in it, in bytes. */
      file: z.string(),
      offset: z.number(),
    }),
    bytes: true,
  },
  /**
   * Translates a row number into a position in a view. A row that the view doesn't show gives the position of the next
   * one that it does (or the last). `position` is null when the view shows no rows.
   */
  locateRow: {
    params: z.object({
      store: StoreId,
      array: Name,
      view: View,
      row: Count,
      numbering: z.enum(['logical', 'physical']),
    }),
    result: z.object({ position: Count.nullable(), physicalRow: Count, logicalRow: Count, deleted: z.boolean() }),
    bytes: false,
  },
  /** Share of deleted rows (0..1) in each of `buckets` equal runs of physical rows, for the map beside the grid. */
  deletionMap: {
    params: z.object({ store: StoreId, array: Name, buckets: z.int().min(1).max(8192) }),
    result: z.object({ shares: z.array(z.number()) }),
    bytes: false,
  },
  /** Notes where the user is, for the next time the store is opened. */
  rememberPlace: { params: z.object({ path: Path, place: Place }), result: done, bytes: false },
  /** Notes that a store was backed up. The host does so when such a job is done. */
  rememberBackup: { params: z.object({ source: Path, backup: Backup }), result: done, bytes: false },
  /** The last backup of a store, as far as this program made it; null where it made none. */
  lastBackup: {
    params: z.object({ source: Path }),
    result: z.object({
      backup: Backup.extend({
        /** What has become of the package: another one may have its name now. */
        file: z.enum(['whole', 'changed', 'missing']),
        /** A file of the store was written since. */
        outdated: z.boolean(),
      }).nullable(),
    }),
    bytes: false,
  },
  listRecents: { params: nothing, result: z.object({ recents: z.array(Recent) }), bytes: false },
  pinRecent: { params: z.object({ path: Path, pinned: z.boolean() }), result: done, bytes: false },
  removeRecent: { params: z.object({ path: Path }), result: done, bytes: false },
  /** The window's remembered choices (panel sizes, theme, ...): one small JSON value a key. */
  getPreferences: { params: nothing, result: z.object({ values: z.record(z.string(), Json) }), bytes: false },
  setPreference: {
    params: z.object({ key: z.string().min(1).max(200), value: Json }),
    result: done,
    bytes: false,
  },
  /** Folders and packages in a folder, stores marked; null is the home folder. For hosts without a native dialog. */
  listFolder: {
    params: z.object({ path: Path.nullable() }),
    result: z.object({
      path: z.string(),
      parent: z.string().nullable(),
      entries: z.array(FolderEntry),
      truncated: z.boolean(),
    }),
    bytes: false,
  },
  /** Asks the user for folders with the system's dialog. Empty when cancelled. Only where `canPickFolder`. */
  pickFolder: { params: nothing, result: z.object({ paths: z.array(z.string()) }), bytes: false },
  /** The same for packages. */
  pickPackages: { params: nothing, result: z.object({ paths: z.array(z.string()) }), bytes: false },
  /** Asks where to write; null when cancelled. The dialog has asked before it gives a path that is taken. */
  pickTarget: {
    params: z.object({ kind: z.enum(['backup', 'unpack']), suggested: Path }),
    result: z.object({ path: z.string().nullable() }),
    bytes: false,
  },
  /** Shows a path in the system's file manager. Only where `canShowInFolder`. */
  showInFolder: { params: z.object({ path: Path }), result: done, bytes: false },
  /**
   * Starts a task. A job belongs to the host: it goes on when the window is closed, and every window sees it. Statistics
   * belong to the windows that started them: a task with the same params is shared, and it ends when the last window has
   * cancelled it as often as it started it, has closed the store or is gone.
   */
  startTask: { params: TaskRequest, result: z.object({ task: Task }), bytes: false },
  /** Cancels a job, or this window's share in statistics. A task that has ended stays as it is. */
  cancelTask: { params: z.object({ task: Count }), result: done, bytes: false },
  /**
   * The latest result of statistics that this window started: partial as long as they run. Bytes: for columns, see
   * `COLUMN_FIGURES`; none until some are known.
   */
  readTaskResult: { params: z.object({ task: Count }), result: z.object({ figures: Figures.nullable() }), bytes: true },
  /** The jobs that run and those that ended and were not dismissed, oldest first. */
  listJobs: { params: nothing, result: z.object({ jobs: z.array(Job) }), bytes: false },
  /** Takes a job that has ended from the list. */
  dismissJob: { params: z.object({ job: Count }), result: done, bytes: false },
} as const

/** What a host tells a window unasked. */
export const ExplorerEvent = z.discriminatedUnion('type', [
  /** The store changed on disk: its new state. Arrays whose `generation` is the same did not change. */
  z.object({ type: z.literal('storeChanged'), store: StoreInfo }),
  /** How far an array of an open package is decompressed; rows beyond come when they are. */
  z.object({
    type: z.literal('decompressing'),
    store: StoreId,
    array: Name,
    bytesDone: z.number(),
    bytesTotal: z.number(),
  }),
  /** How many files of stores and packages are open now to be looked at; those of jobs don't count. */
  z.object({ type: z.literal('openFiles'), files: Count }),
  /** Somebody asked for these stores from outside (second start, file manager, menu). */
  z.object({ type: z.literal('openPaths'), paths: z.array(z.string()) }),
  /** A menu item or an accelerator: the window's command of that name. */
  z.object({ type: z.literal('command'), command: z.string() }),
  /** Something stopped working while the window is open (for example: the index of recents was set aside). */
  z.object({ type: z.literal('notice'), message: z.string() }),
  /** A job, or statistics that this window started, went on or ended: all that is known of the task now. */
  z.object({ type: z.literal('taskChanged'), task: Task }),
  /** A job that had ended is not in the list any more. */
  z.object({ type: z.literal('jobDismissed'), job: Count }),
])
