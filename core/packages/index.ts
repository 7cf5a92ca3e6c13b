import { resolve } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { checkLongOptions, checkPath } from '../array/arguments.ts'
import { type PackageInfo, packageInfo } from './info.ts'
import { type OpenedPackage, openPackedStore, type OpenPackageOptions } from './opened-package.ts'
import { type JobOptions, runInThread } from './run-job.ts'
import { packTarget, unpackTarget } from './targets.ts'
import type { PackageReport } from './verify.ts'

/** Options of `pack`. */
export interface PackOptions extends JobOptions {
  /** zstd level 3; false stores every file as it is. */
  readonly compression?: boolean
  readonly overwrite?: boolean
  /** Format version; every NumPack reads 1. */
  readonly version?: 1 | 2
  /** Whether to read the package back and compare it with the store. */
  readonly verify?: boolean
  /** Threads that compress where `zstd-napi` is installed; by default as many as the machine can run, at most 4. */
  readonly threads?: number | undefined
}

/** Options of `unpack`. */
export interface UnpackOptions extends JobOptions {
  /** Replaces an existing store only once the package is unpacked. */
  readonly overwrite?: boolean
  /** Whether to compare the checksum; everything else is always checked. */
  readonly verify?: boolean
}

/**
 * Packs a store into one file and returns its path: `target` (with `.npkg` if it has no suffix), or `x.npkg` beside
 * `x.npk`. Rejects with `NOT_FOUND`, `NOT_A_STORE`, `DAMAGED`, `EXISTS`, `CHANGED_ON_DISK`, `NO_SPACE`, `ABORTED`,
 * `CHECKSUM`, `ARGUMENT` or `IO`; then nothing was changed.
 */
export async function pack(source: string, target?: string | null, options: PackOptions = {}): Promise<string> {
  checkLongOptions(options, 'pack()')
  const { compression = true, overwrite = false, version = 1, verify = false, threads, ...job } = options
  checkPath(source, 'pack()')
  if (target !== undefined && target !== null) checkPath(target, 'pack()')
  checkFlags({ compression, overwrite, verify })
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads > 0)) {
    throw new NumPackError('ARGUMENT', `${String(threads)} threads are not possible; give a positive integer`, {
      threads,
    })
  }
  if (version !== 1 && version !== 2) {
    throw new NumPackError('ARGUMENT', `version ${String(version)} of a package can't be written; give 1 or 2`, {
      version,
    })
  }
  const path = packTarget(source, target ?? undefined)
  const paths = { source: resolve(source), target: resolve(path) }
  await runInThread({ kind: 'pack', ...paths, compression, overwrite, version, verify, threads }, job)
  return path
}

/**
 * Unpacks a package into a store and returns its path: `target`, or `x.npk` beside `x.npkg`. Rejects with `NOT_FOUND`,
 * `NOT_A_PACKAGE`, `NEWER_VERSION`, `DAMAGED`, `PATH_ESCAPE`, `CHECKSUM`, `EXISTS`, `NO_SPACE`, `ABORTED`, `ARGUMENT`
 * or `IO`; then nothing was changed.
 */
export async function unpack(source: string, target?: string | null, options: UnpackOptions = {}): Promise<string> {
  checkLongOptions(options, 'unpack()')
  const { overwrite = false, verify = true, ...job } = options
  checkPath(source, 'unpack()')
  if (target !== undefined && target !== null) checkPath(target, 'unpack()')
  checkFlags({ overwrite, verify })
  const path = unpackTarget(source, target ?? undefined)
  await runInThread({ kind: 'unpack', source: resolve(source), target: resolve(path), overwrite, verify }, job)
  return path
}

/**
 * Reads a whole package and reports every entry's size and CRC-32, and the first fault. Rejects with `NOT_FOUND`,
 * `NOT_A_PACKAGE`, `NEWER_VERSION`, `ABORTED`, `ARGUMENT` or `IO`.
 */
export async function verifyPackage(source: string, options: JobOptions = {}): Promise<PackageReport> {
  checkPath(source, 'verifyPackage()')
  checkLongOptions(options, 'verifyPackage()')
  const report = await runInThread({ kind: 'verify', source: resolve(source), sha256: false }, options)
  if (report === undefined) throw new TypeError('a verify job has a report')
  return { ...report, path: source }
}

/**
 * Lists a package from its headers; a damaged one as far as possible. Rejects with `NOT_FOUND`, `NOT_A_PACKAGE`,
 * `NEWER_VERSION`, `ARGUMENT`, `IO`, or `DAMAGED` if the package's own header is cut off.
 */
export async function getPackageInfo(source: string): Promise<PackageInfo> {
  checkPath(source, 'getPackageInfo()')
  return packageInfo(source)
}

/** Opens a package's arrays for reading. Rejects as `unpack`, but compares no checksum (`verifyPackage` does). */
export async function openPackage(source: string, options: OpenPackageOptions = {}): Promise<OpenedPackage> {
  checkPath(source, 'openPackage()')
  checkLongOptions(options, 'openPackage()')
  return openPackedStore(resolve(source), options)
}

function checkFlags(flags: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(flags)) {
    if (typeof value === 'boolean') continue
    throw new NumPackError('ARGUMENT', `${name} must be true or false, not ${typeof value}`, { argument: name })
  }
}
