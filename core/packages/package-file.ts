import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { NumPackError } from '../format/errors.ts'
import { type PackageEntry, type PackageIndex, readPackageIndex } from '../format/npkg.ts'
import type { FileIdentity } from '../system/file-stat.ts'
import { ioError } from '../system/io-error.ts'
import type { Control } from './control.ts'
import { InputFile } from './input-file.ts'

/** Headers read before this thread yields to other tasks. */
const ENTRIES_PER_TURN = 500

/** Throws `NOT_FOUND`, `IO`, `NOT_A_PACKAGE` for no file, or `CHANGED_ON_DISK` for another file than `expected`. */
export function openPackageFile(path: string, expected?: FileIdentity): InputFile {
  // Opening a device may have effects.
  if (!isFile(path)) throw notAFile(path)
  const input = new InputFile(path, expected)
  if (input.stat.isFile()) return input
  input[Symbol.dispose]()
  throw notAFile(path)
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}

const notAFile = (path: string): NumPackError =>
  new NumPackError('NOT_A_PACKAGE', `${path} is not a NumPack package: it is not a file. Choose a .npkg file.`, {
    path,
  })

/** Throws as `readPackageIndex`. */
export async function readIndex(input: InputFile, control?: Pick<Control, 'check'>): Promise<PackageIndex> {
  const steps = readPackageIndex(input.window, input.size, input.path)
  for (let count = 1; ; count++) {
    const step: IteratorResult<PackageEntry, PackageIndex> = steps.next()
    if (step.done === true) return step.value
    if (count % ENTRIES_PER_TURN === 0) {
      control?.check()
      await setImmediate()
    }
  }
}
