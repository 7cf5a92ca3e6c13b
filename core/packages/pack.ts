import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { NumPackError } from '../format/errors.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader } from '../format/npkg.ts'
import { type CrcOfFile, packageChecksum } from '../format/npkg-checksum.ts'
import type { Control } from './control.ts'
import { checkFreeSpace, lookUpNoFollow, moveIntoPlace, withTargetFolder } from './files.ts'
import { CHUNK_BYTES } from './input-file.ts'
import { isOpenForWriting } from '../system/open-for-writing.ts'
import { OutputStream } from '../system/output-stream.ts'
import { packageToReplace } from './overwriting.ts'
import { type Access, fileMode, usualAccess } from './permissions.ts'
import { type EntryToPack, openPart, realPathsOf, type StoreFiles, storeFiles } from './store-files.ts'
import type { HeldFolder } from '../system/held-folder.ts'
import { type Owner, ownerToKeep } from '../system/file-access.ts'
import { openTrusted, refuseForeignLinks } from '../system/trusted-path.ts'
import { clearLeftovers, exchanged, removeMade, siblingOf } from './temporary.ts'
import { verifyFile } from './verify.ts'
import { type Pieces, type ZstdBackend, zstdBy } from './zstd.ts'
import { type FileIdentity, isSameFile } from '../system/file-stat.ts'
import { syncFolder } from '../system/files.ts'

/** Attempts to pack a store that other programs keep changing. */
const ATTEMPTS = 3
const WAITS = 40
const WAIT_MS = 50

export interface PackJob {
  readonly source: string
  readonly target: string
  readonly compression: boolean
  readonly overwrite: boolean
  readonly version: 1 | 2
  readonly verify: boolean
  readonly zstd?: ZstdBackend | undefined
  readonly threads?: number | undefined
}

interface HashedFile extends CrcOfFile {
  readonly name: string
  /** Empty without `verify`. */
  readonly sha256: string
}

/** Packs a store into a temporary sibling, which takes the target's name when it is complete and synced. */
export async function packStore(job: PackJob, control: Control): Promise<void> {
  for (const path of [job.source, dirname(job.target)]) refuseForeignLinks(path)
  using folder = openSource(job.source)
  await folder.workingUntil(async () => {
    const source = folder.root
    const files = await settledFiles(source, control)
    packageToReplace(job.target, job.overwrite, files)
    control.check()
    await withTargetFolder(job.target, target => packInto({ ...job, source, target }, files, control))
  })
}

/** Holds the store, wherever its path leads later. Throws as `storeFiles` if it is no folder. */
function openSource(path: string): HeldFolder {
  if (lookUpNoFollow(path)?.isDirectory() !== true) storeFiles(path)
  return openTrusted(path)
}

async function packInto(job: PackJob, found: StoreFiles, control: Control): Promise<void> {
  let files = found
  const { target, overwrite } = job
  const temporary = siblingOf(target)
  try {
    clearLeftovers(target)
    const usual = usualAccess(siblingOf(target))
    control.addTotal(files.bytes * (job.verify ? 2 : 1))
    for (let attempt = 1; ; attempt++) {
      const replaced = packageToReplace(target, overwrite, files)
      checkSpace(target, files, job)
      const access = replaced === undefined ? files.access : [replaced, ...files.access]
      const owner = ownerToKeep(replaced, files.access)
      const written = await writePackage({ path: temporary, usual, access, owner }, files, job, control)
      const now = await settledFiles(job.source, control)
      if (written !== null && now.fingerprint === files.fingerprint) {
        if (job.verify) await readBack(temporary, written, job, control)
        control.check()
        moveIn(temporary, written.made, job, files)
        return
      }
      if (attempt === ATTEMPTS) throw changing(job.source)
      removeMade(temporary)
      control.addTotal(now.bytes)
      files = now
    }
  } catch (error) {
    removeMade(temporary)
    throw error
  }
}

/** Checks the target again, because it may have changed. */
function moveIn(temporary: string, made: FileIdentity, { target, overwrite }: PackJob, files: StoreFiles): void {
  const isReplacing = packageToReplace(target, overwrite, files) !== undefined
  if (!isFile(temporary, made)) throw exchanged(temporary)
  moveIntoPlace(temporary, target, isReplacing)
  if (!isFile(target, made)) throw exchanged(target)
  syncFolder(dirname(target))
}

function isFile(path: string, made: FileIdentity): boolean {
  const stat = lookUpNoFollow(path)
  return stat !== undefined && isSameFile(stat, made)
}

interface WrittenPackage {
  readonly files: readonly HashedFile[]
  readonly made: FileIdentity
}

/** Skips a compressed package: it takes no more than the store, unless it holds a file several times. */
function checkSpace(target: string, { bytes, repeats }: StoreFiles, { compression }: PackJob): void {
  if (!compression || repeats) checkFreeSpace(dirname(target), target, bytes)
}

/** Waits up to two seconds for a writer to finish. */
async function settledFiles(source: string, control: Control): Promise<StoreFiles> {
  for (let wait = 0; ; wait++) {
    control.check()
    try {
      return storeFiles(source, () => control.check())
    } catch (error) {
      const changing = error instanceof NumPackError && error.code === 'CHANGED_ON_DISK'
      if (!changing || wait === WAITS) throw error
    }
    await setTimeout(WAIT_MS)
  }
}

const changing = (source: string): NumPackError =>
  new NumPackError(
    'CHANGED_ON_DISK',
    `${source} was changed by another program while it was packed, ${ATTEMPTS} times. Pack it when no program writes to it.`,
    { path: source },
  )

interface NewPackage {
  readonly path: string
  readonly usual: Access
  readonly access: readonly Access[]
  readonly owner: Owner | null
}

/** Returns null if a file changed meanwhile. */
async function writePackage(
  { path, usual, access, owner }: NewPackage,
  { entries }: StoreFiles,
  job: PackJob,
  control: Control,
): Promise<WrittenPackage | null> {
  await using output = new OutputStream(path)
  await output.write(encodePackageHeader(job.version, job.compression ? 1 : 0, entries.length))
  const packed: HashedFile[] = []
  try {
    for (const entry of entries) packed.push(await writeEntry(output, entry, job, control))
    if (!areUnchanged(entries, packed, control)) return null
  } catch (error) {
    if (error instanceof NumPackError && ['CHANGED_ON_DISK', 'NOT_FOUND'].includes(error.code)) return null
    throw error
  }
  await output.write(encodePackageFooter(packageChecksum(job.version, packed)))
  control.check()
  await output.finish(fileMode({ ...usual, gid: (owner ?? output.stat).gid }, access), owner)
  return { files: packed, made: output.stat }
}

/**
 * Reads files that another program has open for writing again: writing through a mapping, as NumPack does, may leave
 * their times as they were. Throws as `contentOf`.
 */
function areUnchanged(
  entries: readonly EntryToPack[],
  packed: readonly HashedFile[],
  control: Pick<Control, 'check'>,
): boolean {
  if (!isOpenForWriting(entries.flatMap(realPathsOf))) return true
  return entries.every((entry, i) => {
    let crc = 0
    for (const chunk of contentOf(entry)) {
      control.check()
      crc = crc32(chunk, crc)
    }
    return crc === packed[i]?.crc32
  })
}

async function writeEntry(
  output: OutputStream,
  entry: EntryToPack,
  job: PackJob,
  control: Control,
): Promise<HashedFile> {
  const { name, size } = entry
  const header = output.position
  await output.write(encodeEntryHeader(name, size, 0))
  const start = output.position
  const hash = createHash('sha256')
  let crc = 0
  function* watched(): Generator<Uint8Array> {
    for (const chunk of contentOf(entry)) {
      control.check()
      crc = crc32(chunk, crc)
      if (job.verify) hash.update(chunk)
      yield chunk
      control.advance(chunk.length)
    }
  }
  function* again(): Generator<Uint8Array> {
    for (const chunk of contentOf(entry)) {
      control.check()
      crc = crc32(chunk, crc)
      yield chunk
    }
  }
  if (!job.compression || size === 0) {
    for (const chunk of watched()) await output.write(chunk)
  } else if (await shrinks(output, size, zstdBy(job.zstd).compress(size, watched(), job.threads))) {
    await output.patch(header, encodeEntryHeader(name, size, output.position - start))
  } else {
    await output.truncate(start)
    const before = crc
    crc = 0
    for (const chunk of again()) await output.write(chunk)
    if (crc !== before) throw changedBetween(name)
  }
  return { name, size, crc32: crc, sha256: job.verify ? hash.digest('hex') : '' }
}

/** Writes compressed pieces of `size` bytes. Returns false if they are no smaller than before. */
async function shrinks(output: OutputStream, size: number, pieces: Pieces): Promise<boolean> {
  const limit = output.position + size
  let full = false
  // Read to the end in any case, because the checksum covers all bytes.
  for await (const piece of pieces) {
    full ||= output.position + piece.length >= limit
    if (!full) await output.write(piece)
  }
  return !full
}

const changedBetween = (name: string): NumPackError =>
  new NumPackError('CHANGED_ON_DISK', `${name} was changed by another program while it was packed.`, { file: name })

function* contentOf({ content }: EntryToPack): Generator<Uint8Array> {
  if (content instanceof Uint8Array) {
    for (let at = 0; at < content.length; at += CHUNK_BYTES) yield content.subarray(at, at + CHUNK_BYTES)
    return
  }
  for (const part of content) {
    using input = openPart(part)
    yield* input.chunks(0, part.bytes)
  }
}

async function readBack(path: string, { files, made }: WrittenPackage, job: PackJob, control: Control): Promise<void> {
  // `verifyFile` reports the bytes that it reads, which `packStore` has counted already.
  const verifying = { source: path, sha256: true, zstd: job.zstd, expected: made }
  const report = await verifyFile(verifying, { ...control, addTotal: () => {} })
  const wrong = files.find((file, i) => {
    const read = report.files[i]
    return read?.name !== file.name || read.originalSize !== file.size || read.sha256 !== file.sha256
  })
  if (report.fault === null && wrong === undefined && report.files.length === files.length) return
  throw new NumPackError(
    'CHECKSUM',
    `${job.target}: what was written is not what was read (${wrong?.name ?? report.fault?.message ?? ''}). Nothing was kept; check the disk.`,
    { path: job.target, entry: wrong?.name },
  )
}
