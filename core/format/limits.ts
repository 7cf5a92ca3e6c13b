/**
 * How much any one store, package, request or message may cost: every bound of the program, with its reason. Each is
 * checked before anything is read or allocated for what it bounds, and answered with a typed error that names it. The
 * sizes that a format or a system sets (file names, axes) are repeated here, so that this is the whole list.
 */
export const LIMITS = {
  /**
   * Bytes of `metadata.npkm`, which is read as a whole: `records` records with names of 125 bytes. As JSON, where a
   * control character takes six bytes, the list of arrays stays below 512 MB, V8's longest string.
   */
  metadataBytes: 32 * 2 ** 20,
  /** Arrays of a store or package: they open within seconds, and a list of them fits into one message. */
  records: 100_000,
  /** Bytes of an array's name: `data_<name>_segments` then just fits the 255 bytes of a file name. */
  nameBytes: 241,
  /** Bytes of a data file's path, and of a name in a package: the longest file name of any usual file system. */
  fileNameBytes: 255,
  /** Bytes kept of a name or path in a file that is longer than allowed, to show what it begins with. */
  textBytes: 1024,
  /** Characters of a text from a file that a message quotes. */
  quotedCharacters: 100,
  /** Oddities of a store, or arrays of one name, that are described one by one. */
  warnings: 100,
  /** Axes of an array: NumPy's own limit (NPY_MAXDIMS since NumPy 2.0). Longer shapes are not kept. */
  axes: 64,
  /** Bytes of a file that is read as a whole, where nothing tighter is known. */
  wholeFileBytes: 2 ** 30,
  /**
   * Bytes of the bitmaps of a store, which stay in memory while it is open: one bit a row, 4 thousand million rows in all.
   * A file of zeros takes no space on a disk, so that its size costs an attacker nothing.
   */
  bitmapBytes: 512 * 2 ** 20,
  /** Segments of an array: 4 TiB, at NumPack's 256 MiB a segment. Each is looked at on opening. */
  segments: 16_384,
  /** Bytes of the segment lists of a store: about 90,000 segments. Records can share a list, so it is bounded for all. */
  segmentListBytes: 8 * 2 ** 20,
  /** Files of a package: for each record data and a bitmap, and the metadata. */
  packageFiles: 200_001,
  /** Faults of a package that are described one by one; after the last one it is not read on. */
  packageProblems: 1000,
  /** Elements of one answer, a row without columns counting as one: 8 MiB of complex128, a fraction of a second. */
  windowElements: 524_288,
  /** Lines of one `readSeries`, and buckets of each. */
  seriesLines: 64,
  seriesBuckets: 16_384,
  /** Lists without elements that `toList()` makes of an array that has none: they take memory, which its file doesn't. */
  emptyLists: 2 ** 24,
  /** Columns whose statistics a window gets at once: 4.7 MB, and some 40 MB while they are worked out. */
  columnsPage: 65_536,
  /** Columns of one call of `statistics({ axis })`, each of which takes about 0.6 KB a thread. */
  columns: 524_288,
} as const
