/**
 * How much any one store, package, request or message may cost: every bound of the program, with its reason. Each is
 * checked before anything is read or allocated for what it bounds, and answered with a typed error that names it. The
 * sizes that a format or a system sets (file names, axes) are repeated here, so that this is the whole list.
 */
export const LIMITS = {
  /** Bytes of `metadata.npkm`, which is read as a whole: room for `records` records with the longest names. */
  metadataBytes: 64 * 2 ** 20,
  /** Arrays of a store or package: they open within seconds, and a list of them fits into one message. */
  records: 100_000,
  /** Bytes kept of a name or path in a file; what is longer is damaged (241 and 255 bytes are allowed), and shown cut off. */
  textBytes: 1024,
  /** Axes of an array: NumPy's own limit (NPY_MAXDIMS since NumPy 2.0). Longer shapes are not kept. */
  axes: 64,
  /**
   * Bytes of all deletion bitmaps of a store, and of its segment lists, which are kept or read as a whole while it is open:
   * 8.6 billion rows of arrays with deleted rows. A sparse file of this size costs nothing to make.
   */
  wholeFileBytes: 2 ** 30,
  /** Bytes of a segment list: 100,000 segments of 256 MiB, which are 25 TB. */
  segmentListBytes: 16 * 2 ** 20,
  /** Bytes of the bitmap of an array whose rows are empty, for which no data files speak: 134 million rows. */
  emptyRowsBitmapBytes: 16 * 2 ** 20,
  /** Bytes of an intent file, which holds rows or bitmaps; `replace` of more rows writes a new data file instead. */
  intentBytes: 2 ** 30 + 64 * 2 ** 20,
  /** Bytes of the JSON part of an intent: a record of 200 bytes for each of `records` arrays. */
  intentHeaderBytes: 32 * 2 ** 20,
  /** Files of a package: for each record data and a bitmap, and the metadata. */
  packageFiles: 200_001,
  /** Faults of a package that are described one by one. */
  packageProblems: 1000,
} as const
