import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { crc32 } from 'node:zlib'
import { NumPackError } from '../format/errors.ts'
import { decodeMetadata } from '../format/metadata.ts'
import { isArrayFile, isLeftover, METADATA_FILE } from '../format/names.ts'
import type { PackageEntry, PackageIndex } from '../format/npkg.ts'
import { type CrcOfFile, packageChecksum } from '../format/npkg-checksum.ts'
import { LOCK_FILE } from '../storage/lock.ts'
import { decodeEntry } from './codec.ts'
import type { Control } from './control.ts'
import { makeFolder, syncPath, whatHas } from './files.ts'
import type { InputFile } from './input-file.ts'
import { newBuffers, type OutputBuffers, OutputFile } from './output-file.ts'
import { openPackageFile, readIndex } from './package-file.ts'
import { clearLeftovers, siblingOf } from './temporary.ts'
import { checksumError } from './verify.ts'
import { noSpace, writeError } from './write-error.ts'
import { type ZstdBackend, zstdBy } from './zstd.ts'

export interface UnpackJob {
  readonly source: string
  readonly target: string
  readonly overwrite: boolean
  /** Whether the checksum is compared; everything else is always checked. */
  readonly verify: boolean
  readonly zstd?: ZstdBackend | undefined
}

/**
 * Unpacks a package into a temporary sibling folder, which takes the target's place when it is whole and on the disk;
 * what was there before goes last. Whatever happens before leaves the target as it was and nothing beside it.
 */
export async function unpackFile(job: UnpackJob, control: Control): Promise<void> {
  using input = openPackageFile(job.source)
  const index = await readIndex(input, control)
  if (index.problem !== null) throw index.problem
  const target = existsSync(job.target) ? realpathSync.native(job.target) : job.target
  checkTarget(target, job)
  const bytes = index.entries.reduce((sum, { originalSize }) => sum + originalSize, 0)
  control.expect(bytes)
  control.check()
  const removeFolder = makeFolder(dirname(target))
  const temporary = siblingOf(target, 'tmp')
  try {
    clearLeftovers(target)
    checkSpace(dirname(target), target, bytes)
    makeNew(temporary)
    await writeEntries(input, index, temporary, job, control)
    decodeMetadata(readFileSync(join(temporary, METADATA_FILE)), `${METADATA_FILE} in ${job.source}`)
    for (const { name } of index.entries) {
      control.check()
      syncPath(join(temporary, name), 'file')
    }
    syncPath(temporary, 'folder')
    control.check()
    swapIn(temporary, target, job.overwrite)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    removeFolder()
    throw error
  }
}

async function writeEntries(
  input: InputFile,
  index: PackageIndex,
  folder: string,
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
  folder: string,
  buffers: OutputBuffers,
  job: UnpackJob,
  control: Control,
): Promise<CrcOfFile> {
  if (process.platform === 'win32' && entry.name.includes(':')) throw notOnWindows(job.source, entry.name)
  await using output = new OutputFile(join(folder, entry.name), buffers)
  let crc = 0
  for await (const piece of decodeEntry(input, entry, zstdBy(job.zstd))) {
    control.check()
    crc = crc32(piece, crc)
    await output.write(piece)
    control.advance(piece.length)
  }
  await output.flush()
  return { crc32: crc, size: entry.originalSize }
}

/** There, `a:b` is a stream `b` of the file `a`. */
const notOnWindows = (file: string, entry: string): NumPackError =>
  new NumPackError('PATH_ESCAPE', `${file}: Windows can't have a file '${entry}'. Unpack it on another system.`, {
    file,
    entry,
  })

function checkTarget(target: string, { source, overwrite }: UnpackJob): void {
  const stat = whatHas(target)
  if (stat === undefined) return
  const refuse = (code: 'EXISTS' | 'ARGUMENT', what: string): NumPackError =>
    new NumPackError(code, `${target} ${what}`, { path: target })
  if (!overwrite) throw refuse('EXISTS', 'is there already. Choose another name or allow overwriting.')
  const realSource = realpathSync.native(source)
  if (realSource === target || realSource.startsWith(target + sep)) {
    throw refuse('ARGUMENT', 'would be replaced, and the package with it. Choose another target.')
  }
  if (!stat.isDirectory()) return
  const foreign = readdirSync(target).find(name => !isStoreFile(name))
  if (foreign === undefined) return
  throw refuse('EXISTS', `holds files that are not NumPack's (${foreign}) and is not replaced. Choose another name.`)
}

const isStoreFile = (name: string): boolean =>
  name === METADATA_FILE ||
  name.startsWith(LOCK_FILE) ||
  isArrayFile(name) ||
  isLeftover(name) ||
  /^data_.*_segments$/s.test(name)

function checkSpace(folder: string, target: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder)
  if (bytes > bavail * bsize) throw noSpace(target, undefined, bytes)
}

function makeNew(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    throw writeError(error, folder)
  }
}

function swapIn(temporary: string, target: string, overwrite: boolean): void {
  const old = siblingOf(target, 'old')
  const replaces = overwrite && existsSync(target)
  try {
    if (replaces) renameSync(target, old)
    else if (existsSync(target)) throw Object.assign(new Error('it was made meanwhile'), { code: 'EEXIST' })
    try {
      renameSync(temporary, target)
    } catch (error) {
      if (replaces) renameSync(old, target)
      throw error
    }
  } catch (error) {
    throw writeError(error, target)
  }
  syncPath(dirname(target), 'folder')
  if (replaces) rmSync(old, { recursive: true, force: true })
}
