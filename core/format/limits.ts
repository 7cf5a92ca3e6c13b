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
  /** Bytes of a deletion bitmap, which is kept in memory: room for four billion rows. */
  bitmapBytes: 512 * 2 ** 20,
  /** Bytes of a list of segments (`.npkseg`), which is read as a whole: some 100,000 segments of 256 MiB each. */
  segmentListBytes: 16 * 2 ** 20,
  /** Bytes of a decompressed entry of an open package, and of all of them: what does not fit is to be unpacked. */
  spoolBytes: 16 * 2 ** 30,
  /** Share of a disk's free space that all decompressed entries of a process may take: others need some, too. */
  spoolShare: 1 / 2,
  /** Bytes decompressed beyond those asked for: some 100 ms of work, so that who scrolls on does not wait. */
  spoolReadAhead: 64 * 2 ** 20,
  /** Entries of a package that are being decompressed or wait to be: each has a thread of its own, of some 10 MB. */
  spoolsAtWork: 8,
  /** Files of a package: for each record data and a bitmap, and the metadata. */
  packageFiles: 200_001,
  /** Faults of a package that are described one by one. */
  packageProblems: 1000,
} as const
