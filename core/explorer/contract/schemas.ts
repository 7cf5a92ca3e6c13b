import { z } from 'zod'
import { DTYPES } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { Count, Json, Name, Path, Range, StoreId } from './basics.ts'
import { SettingChange, Settings } from './settings.ts'
import { RowSetName, PackedFile, ArrayFile, StoreInfo, ArrangedPlace, Backup, Recent, FolderEntry } from './stores.ts'
import { Figures } from './statistics.ts'
import { Reading } from './readings.ts'
import { Job, Task, TaskRequest } from './tasks.ts'

/** Schemas of every request and reply between a window and its host. The types are derived from them. */

/** A block of an array. `rows` are positions in the row set, `columns` count along the last axis. */
const BlockParams = z.object({
  store: StoreId,
  array: Name,
  rowSet: RowSetName,
  rows: Range,
  columns: Range,
  /** Indices along the middle axes; empty for 0-D to 2-D arrays. */
  index: z.array(Count).max(LIMITS.axes),
})

/** Header of a block's bytes (block-codec.ts). `rows` leaves out those beyond the array's end. */
const WindowHeader = z.object({
  dtype: z.enum(DTYPES),
  rows: Range,
  columns: Range,
  hasRowNumbers: z.boolean(),
  generation: Count,
})

const nothing = z.object({})
const done = z.object({})

/** Every request of a window. The reply holds `result` as JSON, and bytes if `bytes` is true. */
export const METHODS = {
  environment: {
    params: nothing,
    result: z.object({
      host: z.enum(['electron', 'browser']),
      /** 'win32', 'darwin' or 'linux'. */
      platform: z.string(),
      version: z.string(),
      /** What the host runs on, for bug reports: names with versions, such as Node, and the system with its release. */
      programs: z.array(z.object({ name: z.string(), version: z.string() })),
      homeFolder: z.string(),
      sampleStore: z.string(),
      /** Whether the host has the system's dialogs (`pickFolder`, `pickPackages`, `pickTarget`). */
      canPickFolder: z.boolean(),
      /** Whether the system's file manager can show a path (`showInFolder`). */
      canShowInFolder: z.boolean(),
      /** One sentence for each thing that does not work (for example recents, when SQLite can't load). */
      notices: z.array(z.string()),
    }),
    bytes: false,
  },
  /**
   * Paths to open at the start. Request this once, when ready for the `openPaths` events that follow. `ticket` is that
   * of `openWindow`: the page then gets only what it is for, and after a reload nothing.
   */
  takeStartPaths: {
    params: z.object({ ticket: z.string().max(100).nullable() }),
    result: z.object({
      paths: z.array(z.string()),
      /** Number of the window, from 1 on: it keeps its session under it. */
      window: Count,
      /** Whether the window reopens the stores that were open in it when the program last ended. */
      restores: z.boolean(),
    }),
    bytes: false,
  },
  /**
   * Opens another window with some of this window's stores, by their paths. A browser has to open it itself: it gives
   * the page the `ticket`, which is null elsewhere.
   */
  openWindow: {
    params: z.object({ paths: z.array(Path).max(LIMITS.startPaths) }),
    result: z.object({ ticket: z.string().nullable() }),
    bytes: false,
  },
  /** Makes everything in the windows larger or smaller. Only the desktop app does; a browser does it by itself. */
  zoomWindow: { params: z.object({ direction: z.enum(['in', 'out', 'reset']) }), result: done, bytes: false },
  /**
   * Opens a store or package, or returns the open one. `place` is the user's last location in it, or null.
   * `isReopening`: it was open before and comes back by itself, so its disk is waited for only briefly.
   */
  openStore: {
    params: z.object({ path: Path, isReopening: z.boolean().optional() }),
    result: z.object({ store: StoreInfo, place: ArrangedPlace.nullable() }),
    bytes: false,
  },
  closeStore: { params: z.object({ store: StoreId }), result: done, bytes: false },
  /**
   * Allows or forbids to follow symbolic links in place of a store's files, which may lead to any file. Kept for the
   * store. Without it, `openStore` throws `PATH_ESCAPE` if the metadata file is a link.
   */
  followLinks: { params: z.object({ path: Path, follow: z.boolean() }), result: done, bytes: false },
  listPackedFiles: {
    params: z.object({ store: StoreId }),
    result: z.object({ files: z.array(PackedFile) }),
    bytes: false,
  },
  /** The data file (or the segment list, then the segments), and the bitmap if there is one. */
  listArrayFiles: {
    params: z.object({ store: StoreId, array: Name }),
    result: z.object({ files: z.array(ArrayFile) }),
    bytes: false,
  },
  /** A path in `folder` if that exists, else beside `source`; `free` has a number if the path is `taken`. */
  suggestTarget: {
    params: z.object({ kind: z.enum(['backup', 'unpack']), source: Path, folder: Path.nullable() }),
    result: z.object({ target: z.string(), taken: z.boolean(), free: z.string() }),
    bytes: false,
  },
  /** Gives the path that would be written, whether it exists, and why it can't be used, or null. */
  checkTarget: {
    params: z.object({ kind: z.enum(['backup', 'unpack']), source: Path, target: Path }),
    result: z.object({ target: z.string(), taken: z.boolean(), problem: z.string().nullable() }),
    bytes: false,
  },
  /** Reads a block of at most `LIMITS.windowElements` elements; a row without columns counts as one element. */
  readWindow: { params: BlockParams, result: WindowHeader, bytes: true },
  /** Describes one element. Bytes: the element. */
  describeCell: {
    params: z.object({
      store: StoreId,
      array: Name,
      rowSet: RowSetName,
      row: Count,
      column: Count,
      index: z.array(Count).max(LIMITS.axes),
    }),
    result: z.object({
      dtype: z.enum(DTYPES),
      /** null for a deleted row. */
      logicalRow: Count.nullable(),
      physicalRow: Count,
      /** The file that holds the element, relative to the store. */
      file: z.string(),
      /** Of the element in the file, in bytes. */
      offset: z.number(),
    }),
    bytes: true,
  },
  /** Gives the position of a row, else of the next row in the set, else of the last; null in an empty set. */
  locateRow: {
    params: z.object({
      store: StoreId,
      array: Name,
      rowSet: RowSetName,
      row: Count,
      numbering: z.enum(['logical', 'physical']),
    }),
    result: z.object({ position: Count.nullable(), physicalRow: Count, logicalRow: Count, deleted: z.boolean() }),
    bytes: false,
  },
  /** Share of deleted rows (0 to 1) in each of `buckets` equal ranges of physical rows, for the map beside the grid. */
  deletionMap: {
    params: z.object({ store: StoreId, array: Name, buckets: z.int().min(1).max(8192) }),
    result: z.object({ shares: z.array(z.number()) }),
    bytes: false,
  },
  rememberPlace: { params: z.object({ path: Path, place: ArrangedPlace }), result: done, bytes: false },
  /** Saves that a store was backed up. Only the host requests this, when a backup is done. */
  rememberBackup: { params: z.object({ source: Path, backup: Backup }), result: done, bytes: false },
  /** The last backup that this program made of a store; null if it made none. */
  lastBackup: {
    params: z.object({ source: Path }),
    result: z.object({
      backup: Backup.extend({
        /** State of the package: `changed` if it was written to or another file has its name. */
        file: z.enum(['whole', 'changed', 'missing']),
        /** Whether a file of the store was written after the backup. */
        outdated: z.boolean(),
      }).nullable(),
    }),
    bytes: false,
  },
  listRecents: { params: nothing, result: z.object({ recents: z.array(Recent) }), bytes: false },
  pinRecent: { params: z.object({ path: Path, pinned: z.boolean() }), result: done, bytes: false },
  removeRecent: { params: z.object({ path: Path }), result: done, bytes: false },
  getPreferences: { params: nothing, result: z.object({ values: z.record(z.string(), Json) }), bytes: false },
  setPreference: {
    params: z.object({ key: z.string().min(1).max(200), value: Json }),
    result: done,
    bytes: false,
  },
  /** `file` is where settings are kept; null if they are not. */
  getSettings: { params: nothing, result: z.object({ settings: Settings, file: z.string().nullable() }), bytes: false },
  /** Changes one setting. Returns all of them as they are in the file now, which another program may have changed. */
  setSetting: { params: SettingChange, result: z.object({ settings: Settings }), bytes: false },
  /** Lists folders and packages; null is the home folder. `found` is the store or package that a path leads to. */
  listFolder: {
    params: z.object({ path: Path.nullable() }),
    result: z.object({
      path: z.string(),
      parent: z.string().nullable(),
      found: FolderEntry.nullable(),
      entries: z.array(FolderEntry),
      truncated: z.boolean(),
    }),
    bytes: false,
  },
  /** Asks the user for folders in the system's dialog. Empty when cancelled. Needs `canPickFolder`. */
  pickFolder: { params: nothing, result: z.object({ paths: z.array(z.string()) }), bytes: false },
  pickPackages: { params: nothing, result: z.object({ paths: z.array(z.string()) }), bytes: false },
  /** null when cancelled. The dialog asks before it replaces an existing path. */
  pickTarget: {
    params: z.object({ kind: z.enum(['backup', 'unpack']), suggested: Path }),
    result: z.object({ path: z.string().nullable() }),
    bytes: false,
  },
  /** Shows a path in the system's file manager. Needs `canShowInFolder`. */
  showInFolder: { params: z.object({ path: Path }), result: done, bytes: false },
  /**
   * Starts a task. A job belongs to the host: every window sees it. Windows that start an array task with the same
   * params share it; it is cancelled when the last has left, by a `cancelTask` for each `startTask`, or by closing.
   */
  startTask: { params: TaskRequest, result: z.object({ task: Task }), bytes: false },
  /** Cancels a job; of a task that reads an array, undoes one `startTask` of this window. Does nothing to an ended job. */
  cancelTask: { params: z.object({ task: Count }), result: done, bytes: false },
  /**
   * The latest result of this window's task; partial while it runs. Bytes: `COLUMN_FIGURES`, or those of `LinesParams`
   * and `SampleParams`; empty for `statistics` and before the first result.
   */
  readTaskResult: {
    params: z.object({ task: Count }),
    /** `figures` of `statistics`; `reading` of `lines` and `sample`. */
    result: z.object({ figures: Figures.nullable(), reading: Reading.nullable() }),
    bytes: true,
  },
  /** Jobs that are running, or have ended and were not dismissed, oldest first. */
  listJobs: { params: nothing, result: z.object({ jobs: z.array(Job) }), bytes: false },
  dismissJob: { params: z.object({ job: Count }), result: done, bytes: false },
} as const

export const ExplorerEvent = z.discriminatedUnion('type', [
  /** A store changed on disk. `store` is its new state; arrays with the same `generation` did not change. */
  z.object({ type: z.literal('storeChanged'), store: StoreInfo }),
  /** Progress of decompressing an array of an open package; its rows can be read once they are decompressed. */
  z.object({
    type: z.literal('decompressing'),
    store: StoreId,
    array: Name,
    bytesDone: z.number(),
    bytesTotal: z.number(),
  }),
  /** Number of files that are open for windows; files that jobs have open are not counted. */
  z.object({ type: z.literal('openFiles'), files: Count }),
  /** The window should open these stores: a second start, the file manager or the menu asked for them. */
  z.object({ type: z.literal('openPaths'), paths: z.array(z.string()) }),
  /** The user chose a menu item or pressed its accelerator: the window runs the command of that name. */
  z.object({ type: z.literal('command'), command: z.string() }),
  /** Something stopped working while the window is open (for example the database of recents was set aside). */
  z.object({ type: z.literal('notice'), message: z.string() }),
  /** A window changed a setting, or another program did and the engine has read the file again. */
  z.object({ type: z.literal('settingsChanged'), settings: Settings }),
  /** A job, or another task that this window started, made progress or ended. `task` is its new state. */
  z.object({ type: z.literal('taskChanged'), task: Task }),
  z.object({ type: z.literal('jobDismissed'), job: Count }),
])
