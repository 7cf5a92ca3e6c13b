/**
 * Every limit of the program, with its reason. Each is checked before anything of that size is read or allocated;
 * exceeding it is a typed error. Limits of file formats and systems are repeated to keep the list complete.
 */
export const LIMITS = {
  /** Bytes of `metadata.npkm`: `records` with names of 125 bytes. As JSON these stay below V8's longest string, 512 MB. */
  metadataBytes: 32 * 2 ** 20,
  /** Arrays of a store or package: they open within seconds, and their list fits into one message. */
  records: 100_000,
  /** Bytes of an array's name: `data_<name>_segments` then just fits the 255 bytes of a file name. */
  nameBytes: 241,
  /** Bytes of a data file's path, and of a name in a package: the longest file name of common file systems. */
  fileNameBytes: 255,
  /** Parts of a data file's path: a segment lies in its array's folder. Each check of a store opens all these folders. */
  dataFileParts: 2,
  /** Bytes kept of a name or path that is too long, to show how it begins. */
  textBytes: 1024,
  /** Characters of a text from a file that a message quotes. */
  quotedCharacters: 100,
  /** Warnings about a store, or arrays of one name, that are described individually. */
  warnings: 100,
  /** Axes of an array: NumPy's limit (NPY_MAXDIMS since NumPy 2.0). Longer shapes are not stored. */
  axes: 64,
  /** Bytes of a file that is read as a whole, unless a tighter limit exists. */
  wholeFileBytes: 2 ** 30,
  /** Bytes of a store's bitmaps in memory: 4 billion rows. A sparse file of zeros costs an attacker nothing. */
  bitmapBytes: 512 * 2 ** 20,
  /**
   * Bytes of the bitmaps of all open stores and packages of a thread: twice one's limit, because a changed package is
   * reopened before the old one is closed.
   */
  openBitmapBytes: 2 ** 30,
  /** Segments of an array: 4 TiB, at NumPack's 256 MiB per segment. Each is checked on opening. */
  segments: 16_384,
  /** Bytes of all segment lists of a store, because records can share one: about 90,000 segments. */
  segmentListBytes: 8 * 2 ** 20,
  /** Bytes of one decompressed entry of an open package, and of all of them. Larger entries have to be unpacked. */
  spoolBytes: 16 * 2 ** 30,
  /** Share of the free disk space that decompressed entries may use; other programs need some too. */
  spoolShare: 1 / 2,
  /** Bytes decompressed beyond the requested ones: about 100 ms of work, so that scrolling on does not wait. */
  spoolReadAhead: 64 * 2 ** 20,
  /** Package entries that are being decompressed or queued: each has its own thread, about 10 MB. */
  spoolsAtWork: 8,
  /** Milliseconds that a read of a package waits for room to decompress; then it fails and says what takes the room. */
  roomMilliseconds: 5000,
  /** Bytes of the bitmap of an array with empty rows, whose size no data file confirms: 134 million rows. */
  emptyRowsBitmapBytes: 16 * 2 ** 20,
  /** Bytes of a write log, which holds rows or bitmaps; `replace` of more rows writes a new data file instead. */
  writeLogBytes: 2 ** 30 + 64 * 2 ** 20,
  /**
   * Bytes that the write logs of all open stores of a thread take in memory: one of the largest takes at most 1.6 GiB,
   * with 24 bytes for each run of a single byte.
   */
  openWriteLogBytes: 1.75 * 2 ** 30,
  /** Runs of a write log that are compared with their old bytes, about 1 µs each. Beyond these limits it has no old bytes. */
  writeLogOldRuns: 2 ** 18,
  /** Reads for that comparison, of up to 32 KiB each: less than a second, in which the engine does nothing else. */
  writeLogOldReads: 2 ** 14,
  /** Bytes of old values: the writer keeps them in memory, and readers compare every byte. */
  writeLogOldBytes: 64 * 2 ** 20,
  /** Bytes of the JSON part of a write log: 200 bytes for each of `records` arrays. */
  writeLogHeaderBytes: 32 * 2 ** 20,
  /** Nesting depth of JSON from a file; a write log has 4 levels. */
  jsonDepth: 32,
  /** Values of JSON from a file, up to 100 bytes of heap each. A write log has 13 per array, a list 4 per segment. */
  jsonValues: 2 ** 21,
  /** Files of a package: data and a bitmap for each record, and the metadata. */
  packageFiles: 200_001,
  /**
   * Extra bytes of a compressed payload, relative to its entry, plus a constant: zstd adds 3 per 1,024, zlib 5 per 127.
   * A longer payload could be an endless run of empty blocks in a sparse file.
   */
  payloadGrowth: 1 / 16,
  payloadExtraBytes: 65_536,
  /** Logarithm of a zstd frame's window, which is allocated: 32 MiB, the most that levels up to 20 need. */
  zstdWindowLog: 25,
  /** Faults of a package that are described individually; reading stops after the last one. */
  packageProblems: 1000,
  /** Elements of one reply, a row without columns counting as one: 8 MiB of complex128, a fraction of a second. */
  windowElements: 524_288,
  /** Elements that `numpack head` prints: their text stays below half of the longest string. */
  printedElements: 2 ** 22,
  /** Lines of one plot, and buckets of each. */
  plotLines: 64,
  plotBuckets: 16_384,
  /** Bytes of the elements that an image or a plot of points reads: an image of 6 million float64; less than a reply. */
  sampleBytes: 48 * 2 ** 20,
  /** Empty lists that `toList()` creates for an array without elements: they take memory that its file does not. */
  emptyLists: 2 ** 24,
  /** Columns whose statistics a window requests at once: 4.7 MB, and about 40 MB during the computation. */
  columnsPage: 65_536,
  /** Columns of one `statistics({ axis })` call; each takes about 0.6 KB per thread. */
  columns: 524_288,

  /** Bytes of a WebSocket message, characters of any request: at most two paths of 32 Ki characters. */
  messageBytes: 2 ** 18,
  /** Fragments of a WebSocket message: each may take 64 KiB of memory. Browsers send a few. */
  messageFragments: 64,
  /** TCP segments of an unfinished WebSocket message: each takes about 360 bytes. A tunnel cuts the largest message into 190. */
  messageSegments: 1024,
  /** Nesting depth of a message; the program's own messages have 6 levels. */
  messageDepth: 32,
  /** Values in a message: as many as a preference can have. A plot request has about a hundred. */
  messageValues: 8192,
  /** Most bytes of heap per value of a parsed message. An object with one numeric key takes most; it counts as two. */
  messageValueBytes: 100,
  /** Windows of a browser host: more than anyone opens. */
  windows: 64,
  /** Connections whose last request was one that only windows send; a browser has 6. The oldest one is closed first. */
  connections: 256,
  /** Other connections, which anyone may open: as many as a few browsers have. The oldest one is closed first. */
  unknownConnections: 32,
  /** Connections that are being answered, with up to a file of the window each. The oldest one is closed first. */
  answeredConnections: 64,
  /** Milliseconds without progress after which an unread answer is dropped. */
  answerMilliseconds: 10_000,
  /** Milliseconds within which a connection must send its request; loopback takes one. */
  requestMilliseconds: 10_000,
  /** Unused addresses of a browser host: each lets one browser in, and the terminal shows a few. */
  addresses: 16,
  /** Unanswered requests of one window; a window has about ten. */
  windowRequests: 1000,
  requests: 10_000,
  /** Bytes of a window's unanswered requests in memory; no more are read until these are answered. */
  requestBytes: 4 * 2 ** 20,
  /** Bytes of those of all windows. Once they are more, each window may have only `sharedRequestBytes`. */
  allRequestBytes: 64 * 2 ** 20,
  sharedRequestBytes: 2 ** 20,
  /** Bytes of one reply or event: a list of 100,000 arrays with usual names. */
  replyBytes: 64 * 2 ** 20,
  /** Unsent bytes above which a window's requests wait: four of the largest element blocks. */
  heldBytes: 32 * 2 ** 20,
  /** Unsent bytes above which events wait; of several about the same thing only the last is kept. */
  lateBytes: 2 ** 20,
  /** Waiting events about different things, per window; `unsentBytes` bounds their size. */
  lateEvents: 10_000,
  /** Unsent bytes above which a window is disconnected: `heldBytes` and one of the largest replies. */
  unsentBytes: 128 * 2 ** 20,
  /** Unsent bytes of all windows above which the window with the most is disconnected. */
  allUnsentBytes: 512 * 2 ** 20,
  /** Open stores and packages of one window; 500 cost the engine about 100 MB. */
  windowStores: 1000,
  stores: 2000,
  /** MiB of heap. Beyond it only the thread ends, except in a native call like `JSON.parse` (see `jsonValues`). */
  engineMegabytes: 2048,
  /** Running jobs: each has threads, and buffers of about 10 MB per thread. */
  jobs: 4,
  waitingJobs: 100,
  endedJobs: 100,
  /** Characters of a path or a message of a job, as JSON: Linux opens no longer path. */
  jobTextCharacters: 4096,
  /** Files and missing arrays that a verification lists; its counts include all of them. */
  verifiedFiles: 1000,
  /** Bytes of these lists as JSON: those of all jobs fit into one message. */
  verifiedBytes: 2 ** 17,
  /** Milliseconds that the program waits for its threads on exit; one may hang on a disk that never answers. */
  endMilliseconds: 5000,
  /** Running statistics tasks; they share the processors anyway. */
  statistics: 8,
  /** Running tasks that read for plots and images; they take turns. */
  readings: 8,
  waitingArrayTasks: 1000,
  doneArrayTasks: 200,
  /** Bytes of the results of finished tasks: a few pages of the widest arrays, or the largest image. */
  doneArrayTaskBytes: 64 * 2 ** 20,
  /** Notices about problems that a host keeps for windows that open later. */
  notices: 100,
  /** Preferences of the windows: about 20 of all of them, and two more of each. */
  preferences: 100,
  preferenceBytes: 16 * 2 ** 10,
  /** Bytes of the file of settings, which people edit by hand; the program's own values take about 300. */
  settingsBytes: 2 ** 18,
  /** Threads that a user can choose for a task: each takes about 10 MB. */
  workerThreads: 64,
  /** The least cache limit that a user can choose: an entry of common arrays fits. The most: disks of years to come. */
  leastCacheBytes: 64 * 2 ** 20,
  cacheBytes: 2 ** 44,
  /** Characters of the arrangement of a recent store, as JSON: about a hundred arrays. Fits into `messageValues`. */
  arrangementCharacters: 16_000,
  /** Recent stores, besides the pinned ones. */
  recents: 60,
  pinned: 500,
  /** Statistics cached on disk; the oldest are dropped first. */
  keptStatistics: 500,
  /** Bytes of these as JSON: 20 pages of the widest arrays. */
  keptStatisticsBytes: 32 * 2 ** 20,
  /** Stores that one start of the desktop app opens, one tab each. */
  startPaths: 100,
  /** Job results that the file manager can show; the latest ones. */
  knownResults: 1000,
  /** Windows of the desktop app; each is a process of its own. */
  desktopWindows: 20,
  /** Pages that a browser was asked to open and that have not started yet. */
  windowTickets: 16,
  /** UTF-16 units of a path on the command line: the longest that Windows has. */
  startPathLength: 32_767,
} as const
