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
  /** Files of a package: for each record data and a bitmap, and the metadata. */
  packageFiles: 200_001,
  /** Faults of a package that are described one by one. */
  packageProblems: 1000,
  /** Stores that one start of the desktop app opens; each becomes a tab. */
  startPaths: 100,
  /** Results of jobs that the file manager can show; the latest. */
  knownResults: 1000,
  /** UTF-16 units of a path that a start hands over: the longest that Windows has. */
  startPathLength: 32_767,
} as const
