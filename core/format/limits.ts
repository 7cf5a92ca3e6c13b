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
  /**
   * Names in a data file's path: a segment lies in the folder of its array, everything else in the store itself. Each look
   * at a store opens the folders of each path.
   */
  dataFileParts: 2,
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
  /**
   * Bytes of the bitmaps of all packages that are open: a few kilobytes of a package can be as many as one may have. Twice
   * those, since a package that was written to is opened anew before it is closed.
   */
  openBitmapBytes: 2 ** 30,
  /** Segments of an array: 4 TiB, at NumPack's 256 MiB a segment. Each is looked at on opening. */
  segments: 16_384,
  /** Bytes of the segment lists of a store: about 90,000 segments. Records can share a list, so it is bounded for all. */
  segmentListBytes: 8 * 2 ** 20,
  /** Bytes of a decompressed entry of an open package, and of all of them: what does not fit is to be unpacked. */
  spoolBytes: 16 * 2 ** 30,
  /** Share of a disk's free space that all decompressed entries of a process may take: others need some, too. */
  spoolShare: 1 / 2,
  /** Bytes decompressed beyond those asked for: some 100 ms of work, so that who scrolls on does not wait. */
  spoolReadAhead: 64 * 2 ** 20,
  /** Entries of a package that are being decompressed or wait to be: each has a thread of its own, of some 10 MB. */
  spoolsAtWork: 8,
  /** Bytes of the bitmap of an array whose rows are empty, for which no data files speak: 134 million rows. */
  emptyRowsBitmapBytes: 16 * 2 ** 20,
  /** Bytes of an intent file, which holds rows or bitmaps; `replace` of more rows writes a new data file instead. */
  intentBytes: 2 ** 30 + 64 * 2 ** 20,
  /** Bytes of the JSON part of an intent: a record of 200 bytes for each of `records` arrays. */
  intentHeaderBytes: 32 * 2 ** 20,
  /** Files of a package: for each record data and a bitmap, and the metadata. */
  packageFiles: 200_001,
  /**
   * Bytes of a compressed payload beyond those of its entry: a share of them, and some more. What zstd or zlib can't
   * compress they store in blocks with a header: zstd 3 bytes for each 1,024 or more, zlib 5 bytes for each 127 or more.
   * A longer payload can be an endless run of empty blocks, which a sparse file holds without taking space on the disk.
   */
  payloadGrowth: 1 / 16,
  payloadExtraBytes: 65_536,
  /**
   * Logarithm of the window of a zstd frame: 32 MiB, all that zstd's levels up to 20 ask for. It is memory that whoever
   * decompresses the frame takes.
   */
  zstdWindowLog: 25,
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

  /** Bytes of one message of a window: params are small, and hold at most two paths of 32 Ki characters. */
  messageBytes: 2 ** 18,
  /** Arrays and objects inside one another in a message: the program's own have 6. */
  messageDepth: 32,
  /** Values in a message: a request for a plot, the largest of the program's own, has some hundred. */
  messageValues: 20_000,
  /** Windows of a browser host: more than anybody opens. */
  windows: 64,
  /**
   * Connections to a browser host whose last request was one that only a window makes: a browser has 6 of them. The oldest
   * make room.
   */
  connections: 256,
  /** Connections that have not sent such a request, which are anybody's: some browsers' at a time. The oldest make room. */
  unknownConnections: 32,
  /** Milliseconds until a connection has to have sent its request: loopback takes one. */
  requestMilliseconds: 10_000,
  /** Addresses of a browser host that nobody has used yet: each lets one browser in, so the terminal shows a few. */
  addresses: 16,
  /** Requests of one window that are not answered: a window has some ten. */
  windowRequests: 1000,
  /** Requests of all windows together that are not answered. */
  requests: 10_000,
  /** Bytes of a window's messages that are being answered; no more are read meanwhile. */
  requestBytes: 4 * 2 ** 20,
  /** Bytes of one answer or event: room for a list of 100,000 arrays with usual names. */
  replyBytes: 64 * 2 ** 20,
  /** Unsent bytes above which a window's requests wait: four of the largest blocks of elements. */
  heldBytes: 32 * 2 ** 20,
  /** Unsent bytes above which events wait; of those about the same thing only the last is kept. */
  lateBytes: 2 ** 20,
  /** Events about different things that wait for a window. */
  lateEvents: 10_000,
  /** Unsent bytes above which a window is disconnected: what is held, and one more of the largest answers. */
  unsentBytes: 128 * 2 ** 20,
  /** Stores and packages that one window has open. 500 cost the engine some 100 MB. */
  windowStores: 1000,
  /** Stores and packages that are open in all windows together. */
  stores: 2000,
  /** MiB that the engine's thread may take for what is no bytes of arrays; beyond it the thread ends, not the program. */
  engineMegabytes: 2048,
  /** Jobs at work: each has threads, and buffers of some 10 MB a thread. */
  jobs: 4,
  /** Jobs that wait for their turn. */
  waitingJobs: 100,
  /** Jobs that ended and stay in the list. */
  endedJobs: 100,
  /** Files, and missing arrays, that a verification lists: its counts are of all. */
  verifiedFiles: 1000,
  /** Bytes of these lists as JSON: those of all jobs fit into one message. */
  verifiedBytes: 2 ** 17,
  /** Milliseconds until the program no longer waits for its threads to end: one may wait for a disk that never answers. */
  endMilliseconds: 5000,
  /** Statistics being worked out: they share the processors anyway. */
  statistics: 8,
  /** Statistics that wait for their turn. */
  waitingStatistics: 1000,
  /** Statistics that are kept in memory for a while after they are done. */
  doneStatistics: 200,
  /** Bytes of figures among them: some pages of the widest arrays, and more than are worked out at a time. */
  doneStatisticsBytes: 64 * 2 ** 20,
  /** Sentences about what does not work that a host keeps for windows to come. */
  notices: 100,
  /** Remembered choices of the window; it has some 20. */
  preferences: 100,
  /** Bytes of one of them as JSON. */
  preferenceBytes: 16 * 2 ** 10,
  /** Recent stores that are kept, besides the pinned ones. */
  recents: 60,
  /** Recent stores that are pinned. */
  pinned: 500,
  /** Statistics that are kept on disk: those that were worked out last. */
  keptStatistics: 500,
  /** Stores that one start of the desktop app opens; each becomes a tab. */
  startPaths: 100,
  /** Results of jobs that the file manager can show; the latest. */
  knownResults: 1000,
  /** UTF-16 units of a path that a start hands over: the longest that Windows has. */
  startPathLength: 32_767,
} as const
