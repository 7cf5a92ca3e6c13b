import { compareNames } from './natural-order.ts'
import { basename } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { bitmapFileOf } from '../../format/names.ts'
import { getPackageInfo, openPackage } from '../../packages/index.ts'
import { packageState } from '../../packages/package-state.ts'
import type { PackageInfo } from '../../packages/info.ts'
import type { DescribedArray, OpenedPackage } from '../../packages/opened-package.ts'
import { statPath } from '../../system/file-stat.ts'
import { changedOnDisk } from '../../system/handles.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import type { ArrayFile, ArrayInfo, ErrorBody, ExplorerEvent, PackedFile, StoreInfo } from '../contract/types.ts'
import { errorBody } from '../contract/error-body.ts'
import { Decompressions } from './decompressions.ts'
import type { ByteWait, SourceChange, OpenSource } from './open-source.ts'

interface PackageToOpen {
  id: number
  path: string
  /** Generation of all its arrays. */
  generation: number
  cacheFolder: string | null
  spoolBytes: () => number
  onEvent: (event: ExplorerEvent) => void
  /** Called when an array can be read further than a read that threw `NOT_READY` needed. */
  onReadable: (array: string) => void
}

/** Changes with the file. Returns an error code if the path can't be examined, so that only this package fails. */
function identityOf(path: string): string {
  try {
    return packageState(statPath(path))
  } catch (error) {
    return `none: ${(error as NodeJS.ErrnoException).code ?? String(error)}`
  }
}

/** After the last attempt to open a package that others write to, the watch sees that it changed. */
const MOST_TRIES = 3

export class OpenPackage implements OpenSource {
  readonly id: number
  readonly path: string
  readonly generation: number
  readonly #identity: string
  readonly #info: PackageInfo
  /** null when the whole package is damaged. */
  readonly #opened: OpenedPackage | null
  readonly #fault: ErrorBody | null
  readonly #decompressions: Decompressions
  #problem: string | null = null

  /** Rejects with NOT_FOUND, NOT_A_PACKAGE, NEWER_VERSION, DAMAGED for a header that is cut off, or IO. */
  static async open(toOpen: PackageToOpen): Promise<OpenPackage> {
    const { path } = toOpen
    for (let tries = 1; ; tries++) {
      const identity = identityOf(path)
      const opened = await OpenPackage.#openOnce(toOpen, identity)
      // The description of the package and its rows must come from the same content.
      if (identityOf(path) === identity || tries === MOST_TRIES) return opened
      opened.close()
    }
  }

  static async #openOnce(toOpen: PackageToOpen, identity: string): Promise<OpenPackage> {
    const { path, cacheFolder, spoolBytes } = toOpen
    const info = await getPackageInfo(path)
    let opened: OpenedPackage | null = null
    let fault: ErrorBody | null = info.fault
    const decompressions = new Decompressions({
      readyBytes: array => opened?.readyBytes(array) ?? { ready: 0, total: 0 },
      request: (array, bytes) => opened?.request(array, bytes),
      lease: array => (opened as OpenedPackage).reader(array).source.lease(),
      onProgress: (array, { ready, total }) =>
        toOpen.onEvent({ type: 'decompressing', store: toOpen.id, array, bytesDone: ready, bytesTotal: total }),
      onReadable: toOpen.onReadable,
    })
    try {
      if (fault === null) {
        opened = await openPackage(path, {
          ...(cacheFolder !== null && { cacheFolder }),
          spoolBytes,
          wait: false,
          onProgress: () => decompressions.update(),
        })
      }
    } catch (error) {
      fault = errorBody(error)
    }
    return new OpenPackage(toOpen, { identity, info, opened, fault, decompressions })
  }

  private constructor(
    { id, path, generation }: PackageToOpen,
    found: {
      identity: string
      info: PackageInfo
      opened: OpenedPackage | null
      fault: ErrorBody | null
      decompressions: Decompressions
    },
  ) {
    this.#decompressions = found.decompressions
    this.id = id
    this.path = path
    this.generation = generation
    this.#identity = found.identity
    this.#info = found.info
    this.#opened = found.opened
    this.#fault = found.fault
  }

  info(): StoreInfo {
    const info = this.#info
    return {
      id: this.id,
      path: this.path,
      name: basename(this.path),
      sizeBytes: info.packageSize,
      arrays: (this.#opened?.describe().map(array => this.#arrayInfo(array)) ?? []).sort((a, b) =>
        compareNames(a.name, b.name),
      ),
      warnings: [],
      package: {
        version: info.version,
        label: info.compressionName,
        codecs: [...new Set(info.files.map(({ codec }) => codec))].sort(),
        fileCount: info.fileCount,
        originalSize: info.totalOriginalSize,
        storedSize: info.totalCompressedSize,
        packageSize: info.packageSize,
        checksum: info.storedChecksum,
        lastModified: info.lastModified,
        fault: this.#fault,
      },
      followsLinks: false,
      problem: this.#problem,
    }
  }

  packedFiles(): PackedFile[] {
    return this.#info.files.map(({ name, originalSize, actualSize, codec, windowsProblem, fault }) => ({
      name,
      originalSize,
      storedSize: actualSize,
      codec,
      windowsProblem,
      fault: fault && { ...fault },
    }))
  }

  followLinks(): void {}

  filesOf(array: string): ArrayFile[] {
    const dataFile = this.#opened?.describe().find(({ record }) => record.name === array)?.record.dataFile
    const packed = this.#info.files.filter(({ name }) => name === dataFile || name === bitmapFileOf(array))
    return packed.map(({ name, originalSize }) => ({ name, sizeBytes: originalSize }))
  }

  /** Does nothing: `watch` notices writes to the package, and only this program writes its decompressed arrays. */
  noteShown(): void {}

  read<T>(array: string, action: (reader: ArrayReader, generation: number) => T): T {
    if (this.#opened === null) throw new NumPackError('DAMAGED', this.#fault?.message ?? '', { path: this.path })
    const reader = this.#opened.reader(array)
    try {
      const result = action(reader, this.generation)
      // Check after reading: only then are these rows known to be of this generation.
      if (identityOf(this.path) !== this.#identity) throw changedOnDisk(this.path, 'it was written to or replaced')
      return result
    } catch (error) {
      if (error instanceof NumPackError && error.code === 'NOT_READY') this.#decompressions.noteRead(array, error)
      throw error
    } finally {
      this.#decompressions.follow(array)
    }
  }

  whenReadable(array: string, bytes: number, wait: ByteWait): Promise<void> {
    return this.#decompressions.whenReadable(array, bytes, wait)
  }

  endReads(array: string): void {
    this.#decompressions.endReads(array)
  }

  get nextGeneration(): number {
    return this.generation + 1
  }

  /** Reports a file as replaced if it changed or had a problem; it is then opened again. */
  look(): SourceChange {
    return this.#problem !== null || identityOf(this.path) !== this.#identity ? 'replaced' : 'same'
  }

  watch(): SourceChange {
    return this.look()
  }

  fail(problem: string): boolean {
    const isNew = this.#problem !== problem
    this.#problem = problem
    return isNew
  }

  close(): void {
    this.#opened?.close()
    this.#decompressions.close()
  }

  #arrayInfo({ record, reader, damaged }: DescribedArray): ArrayInfo {
    const { name, dtype, shape, sizeBytes, dataFile, lastModified } = record
    return {
      name,
      dtype,
      shape: [...(reader?.shape ?? shape)],
      physicalShape: [...shape],
      deletedRows: reader === null ? 0 : reader.physicalRows - reader.activeRows,
      sizeBytes,
      dataFile,
      segments: 0,
      lastModified,
      warnings: [],
      damaged,
      isBehindLink: false,
      generation: this.generation,
    }
  }
}
