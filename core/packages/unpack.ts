import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { decodeMetadata } from '../format/metadata.ts'
import { METADATA_FILE } from '../format/names.ts'
import { windowsNameProblems } from '../format/windows-names.ts'
import type { PackageEntry, PackageIndex } from '../format/npkg.ts'
import { type CrcOfFile, packageChecksum } from '../format/npkg-checksum.ts'
import { handles } from '../system/handles.ts'
import { accessThrough, ownerToKeep } from '../system/file-access.ts'
import { HeldFolder } from '../system/held-folder.ts'
import { createFile, disk, randomTemporaryName, syncFolder, temporaryName, tryToRemove } from '../system/files.ts'
import { isErrno } from '../system/io-error.ts'
import { decodeEntry } from './codec.ts'
import type { Control } from './control.ts'
import { checkFreeSpace, finishFile, finishFolder, lookUpNoFollow, moveIntoPlace, withTargetFolder } from './files.ts'
import type { InputFile } from './input-file.ts'
import { newBuffers, type OutputBuffers, OutputStream } from '../system/output-stream.ts'
import { storeToReplace } from './overwriting.ts'
import { openPackageFile, readIndex } from './package-file.ts'
import { type Access, fileMode, folderMode, usualAccess } from './permissions.ts'
import { replaceStore } from './replace-store.ts'
import { refuseForeignLinks } from '../system/trusted-path.ts'
import { clearInner, clearLeftovers, exchanged, innerSiblingOf, makeHeld, removeHeld, siblingOf } from './temporary.ts'
import { checksumError } from './verify.ts'
import { type ZstdBackend, zstdBy } from './zstd.ts'

export interface UnpackJob {
  readonly source: string
  readonly target: string
  readonly overwrite: boolean
  /** Whether to compare the checksum; everything else is always checked. */
  readonly verify: boolean
  readonly zstd?: ZstdBackend | undefined
}

/**
 * Unpacks a package into a temporary sibling folder, which becomes the target when it is complete and synced. Replaces
 * the content of an existing store under its writers' lock (replace-store.ts).
 */
export async function unpackFile(job: UnpackJob, control: Control): Promise<void> {
  refuseForeignLinks(dirname(job.target))
  using input = openPackageFile(job.source)
  const index = await readIndex(input, control)
  if (index.problem !== null) throw index.problem
  if (process.platform === 'win32') checkNamesOnWindows(job.source, index)
  storeToReplace(job.target, job.overwrite, job.source)
  const bytes = index.entries.reduce((sum, { originalSize }) => sum + originalSize, 0)
  control.addTotal(bytes)
  control.check()
  await withTargetFolder(job.target, target => unpackInto({ ...job, target }, input, index, bytes, control))
}

/** Throws `NAME` for entries of which Windows would lose one, or hide it in another file. */
function checkNamesOnWindows(source: string, { entries }: PackageIndex): void {
  const [first] = windowsNameProblems(entries.map(({ name }) => name))
  if (first === undefined) return
  const [entry, problem] = first
  throw new NumPackError(
    'NAME',
    `${source} can't be unpacked on Windows: '${entry}' in it can't be a file there, because its name ${problem}. Open the ` +
      'package without unpacking it, or unpack it on another system and rename the array.',
    { path: source, entry },
  )
}

async function unpackInto(
  job: UnpackJob,
  input: InputFile,
  index: PackageIndex,
  bytes: number,
  control: Control,
): Promise<void> {
  const { target } = job
  clearLeftovers(target)
  using made = makeStaging(target)
  try {
    checkFreeSpace(made.root, target, bytes)
    const mode = await makeStore(input, index, made, job, control)
    made.working(() => moveIn(made, mode, job, index, control))
  } catch (error) {
    removeHeld(made)
    throw error
  }
}

/** Makes it beside the target, or in a target that is a mount point: no file can be renamed into that from outside. */
function makeStaging(target: string): HeldFolder {
  const beside = makeHeld(siblingOf(target))
  try {
    if (lookUpNoFollow(target)?.isDirectory() !== true || !crossesDisks(beside, target)) return beside
  } catch (error) {
    removeHeld(beside)
    beside[Symbol.dispose]()
    throw error
  }
  removeHeld(beside)
  beside[Symbol.dispose]()
  clearInner(target)
  return makeHeld(innerSiblingOf(target))
}

/** Whether files can't be renamed into another folder, because it lies on another disk or mount. */
function crossesDisks(from: HeldFolder, to: string): boolean {
  using target = HeldFolder.open(dirname(to), basename(to))
  if (target === null) return false
  const name = randomTemporaryName()
  createFile(from.at(name), [], { access: null, synced: false })
  try {
    disk.rename(from.at(name), target.at(name))
    tryToRemove(target.at(name))
    return false
  } catch (error) {
    tryToRemove(from.at(name))
    return isErrno(error, 'EXDEV', 'EBUSY')
  }
}

/** Returns the folder's final mode. It stays private until then: who may enter it could exchange its files. */
async function makeStore(
  input: InputFile,
  index: PackageIndex,
  made: HeldFolder,
  job: UnpackJob,
  control: Control,
): Promise<number> {
  await writeEntries(input, index, made, job, control)
  input.checkUnchanged()
  return made.working(() => {
    const { bytes } = handles.readFile(made.at(METADATA_FILE), LIMITS.metadataBytes)
    decodeMetadata(bytes, `${METADATA_FILE} in ${job.source}`)
    const probed = usualAccess(made.at(temporaryName()))
    const owner = ownerToKeep(lookUpNoFollow(job.target), [input.stat])
    const usual = { ...probed, gid: (owner ?? probed).gid }
    const from = [input.stat, ...accessOfStore(job.target)]
    const mode = fileMode(usual, from)
    for (const { name } of index.entries) {
      control.check()
      finishFile(made.at(name), mode, owner)
    }
    control.check()
    return folderMode(usual, from)
  })
}

/** Checks the target again, because it may have changed. Only a new folder gets `mode`. */
function moveIn(
  made: HeldFolder,
  mode: number,
  { source, target, overwrite }: UnpackJob,
  { entries }: PackageIndex,
  control: Control,
): void {
  const there = storeToReplace(target, overwrite, source)
  if (there !== undefined) {
    using old = HeldFolder.open(dirname(target), basename(target))
    if (old === null || !old.is(there)) throw exchanged(target)
    const names = entries.map(({ name }) => name)
    old.working(() => replaceStore(old, made, names, () => control.check()))
    removeHeld(made)
    return
  }
  if (!made.isInPlace) throw exchanged(made.path)
  finishFolder(made, mode)
  moveIntoPlace(made.path, target, true)
  if (!made.hasName(target)) throw exchanged(target)
  syncFolder(dirname(target))
}

function accessOfStore(folder: string): Access[] {
  const stats = [join(folder, METADATA_FILE), folder].map(lookUpNoFollow)
  return stats.flatMap((stat, i) => (stat === undefined ? [] : i === 0 ? stat : accessThrough(stat)))
}

async function writeEntries(
  input: InputFile,
  index: PackageIndex,
  folder: HeldFolder,
  job: UnpackJob,
  control: Control,
): Promise<void> {
  const buffers = newBuffers()
  const written: CrcOfFile[] = []
  for (const entry of index.entries) written.push(await writeEntry(input, entry, folder, buffers, job, control))
  if (job.verify && packageChecksum(index.version, written) !== index.storedChecksum) throw checksumError(job.source)
}

async function writeEntry(
  input: InputFile,
  entry: PackageEntry,
  folder: HeldFolder,
  buffers: OutputBuffers,
  job: UnpackJob,
  control: Control,
): Promise<CrcOfFile> {
  if (process.platform === 'win32' && entry.name.includes(':')) throw notOnWindows(job.source, entry.name)
  await using output = new OutputStream(join(folder.path, entry.name), buffers, folder.at(entry.name))
  let crc = 0
  for await (const piece of decodeEntry(input, entry, zstdBy(job.zstd), control)) {
    crc = crc32(piece, crc)
    await output.write(piece)
    control.advance(piece.length)
  }
  await output.flush()
  return { crc32: crc, size: entry.originalSize }
}

/** On Windows, `a:b` is a stream `b` of the file `a`. */
const notOnWindows = (file: string, entry: string): NumPackError =>
  new NumPackError('PATH_ESCAPE', `${file}: Windows can't have a file '${entry}'. Unpack it on another system.`, {
    file,
    entry,
  })
