import { z } from 'zod'
import { DTYPES } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { ROW_SET_NAMES } from './row-sets.ts'
import { Codec, Count, ErrorBody, Json, Name, StoreId } from './basics.ts'

export const RowSetName = z.enum(ROW_SET_NAMES)

export const ArrayInfo = z.object({
  name: Name,
  /** null where the dtype is unknown. */
  dtype: z.enum(DTYPES).nullable(),
  /** Logical shape: without the deleted rows. */
  shape: z.array(z.number()),
  /** Shape on disk, deleted rows included. */
  physicalShape: z.array(z.number()),
  deletedRows: Count,
  /** Bytes on disk. */
  sizeBytes: z.number(),
  /** Path of the data file (or of the segment list), relative to the store. */
  dataFile: z.string(),
  /** How many segment files hold the array; 0 for a single data file. */
  segments: Count,
  /** Microseconds since 1970, as NumPack wrote it. */
  lastModified: z.number(),
  /** Oddities that do no harm to the array, one sentence each. */
  warnings: z.array(z.string()),
  /** Why the array can't be read, or null. */
  damaged: z.string().nullable(),
  /** Whether it can't be read because a file of it is a symbolic link (see `followLinks`). */
  isBehindLink: z.boolean(),
  /** Grows whenever the array's shape, rows or deletions changed on disk. */
  generation: Count,
})

/** Facts from a package's headers; none of its contents are read. */
export const PackageFacts = z.object({
  version: Count,
  /** What the package says of itself; `codecs` are what its files are really compressed with. */
  label: z.enum(['none', 'zstd', 'unknown']),
  codecs: z.array(Codec),
  fileCount: Count,
  /** Bytes of the files before packing, of their stored form, and of the whole package. */
  originalSize: z.number(),
  storedSize: z.number(),
  packageSize: z.number(),
  checksum: z.number().nullable(),
  /** When the file was last written, in microseconds since 1970. */
  lastModified: z.number(),
  /** Why nothing inside can be read, or null; its files are listed as far as they can be. */
  fault: ErrorBody.nullable(),
})

export const PackedFile = z.object({
  name: z.string(),
  originalSize: z.number(),
  /** Bytes it takes in the package. */
  storedSize: z.number(),
  codec: Codec,
  /** Why it can't be unpacked on Windows, as the end of "its name ..."; null if it can. */
  windowsProblem: z.string().nullable(),
  fault: ErrorBody.nullable(),
})

/** A file of an array, relative to the store; inside a package, the file that is packed. */
export const ArrayFile = z.object({
  name: z.string(),
  /** null for a file that is missing or can't be read. */
  sizeBytes: z.number().nullable(),
})

export const StoreInfo = z.object({
  id: StoreId,
  path: z.string(),
  name: z.string(),
  sizeBytes: z.number(),
  arrays: z.array(ArrayInfo),
  warnings: z.array(z.string()),
  /** null for a folder. */
  package: PackageFacts.nullable(),
  /** Whether its symbolic links are followed. */
  followsLinks: z.boolean(),
  /** Set when the store can't be read any more (it vanished, or its metadata broke while it was open). */
  problem: z.string().nullable(),
})

/** Where the user was in a store. `row` is a logical row; `column` counts along the last axis. */
export const Place = z.object({
  array: Name,
  row: Count,
  column: Count,
  rowSet: RowSetName,
  /** Indices along the middle axes (all but the first and the last). */
  index: z.array(Count).max(LIMITS.axes),
  /** Id of the window's view that showed the array: grid, plot, ... */
  shownAs: z.string().max(100).nullable().default(null),
})

/** A row by its number and the numbering that the number belongs to; valid in every row set. */
export const RowRef = z.object({ row: Count, numbering: z.enum(['logical', 'physical']) })

/** The user's location in one array, valid in every row set. */
export const ArrayLocation = z.object({
  top: RowRef,
  cursor: RowRef,
  column: Count,
  index: z.array(Count).max(LIMITS.axes),
})

const NOT_ARRANGED = { locations: [], viewStates: [] }

/** How the user arranged a store: the location in each array, and what was chosen in its views. The latest come last. */
export const Arrangement = z
  .object({
    locations: z.array(z.tuple([Name, ArrayLocation])),
    /** JSON that only the window's views read. */
    viewStates: z.array(z.tuple([z.string(), Json])),
  })
  .refine(arrangement => JSON.stringify(arrangement).length <= LIMITS.arrangementCharacters, {
    message: `an arrangement has at most ${LIMITS.arrangementCharacters} characters`,
  })

/** A place and the arrangement of its store. */
export const ArrangedPlace = Place.extend({ arrangement: Arrangement.default(NOT_ARRANGED) })

/** A backup of a store that was read back and found equal to it. */
export const Backup = z.object({
  path: z.string(),
  /** Bytes of the store's files, and of the package. */
  originalSize: z.number(),
  packageSize: z.number(),
  /** Milliseconds since 1970. */
  verified: z.number(),
})

export const Recent = z.object({
  path: z.string(),
  name: z.string(),
  /** Milliseconds since 1970. */
  lastOpened: z.number(),
  sizeBytes: z.number(),
  arrayCount: Count,
  place: Place.nullable(),
  pinned: z.boolean(),
  kind: z.enum(['store', 'package']),
  /** It is not there any more, or its disk doesn't answer. */
  missing: z.boolean(),
})

export const FolderEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'store', 'package']),
  /** Why it can't be opened, or null. */
  problem: z.string().nullable(),
})
