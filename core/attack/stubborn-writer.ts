import { writeSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'

/**
 * Writes continuously whatever happens: `node stubborn-writer.ts STORE ID COUNT HOW`. Write n appends n to the array
 * `log-ID`, or fills `page-ID` with n, alternately. It prints `done n` or `failed n CODE`; an untyped error ends it.
 * HOW is `keep` to keep the store open, or `reopen` to open it for each write, which creates it again if it is missing.
 */

/** Elements of a page; they are all equal after each write. */
const PAGE = 5000

const pageOf = (value: number): NDArray => NDArray.from(new Float64Array(PAGE).fill(value))

function writeOn(path: string, id: string, count: number, how: string): void {
  const kept = how === 'keep' ? NumPack.open(path) : null
  for (let n = 1; n <= count; n++) {
    try {
      if (kept !== null) write(kept, id, n)
      else NumPack.with(path, npk => write(npk, id, n))
      writeSync(1, `done ${n}\n`)
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
      writeSync(1, `failed ${n} ${error.code}\n`)
    }
  }
}

function write(npk: NumPack, id: string, n: number): void {
  const log = `log-${id}`
  const page = `page-${id}`
  if (!npk.hasArray(log)) npk.save({ [log]: NDArray.zeros([0], 'float64'), [page]: pageOf(0) })
  if (n % 2 === 0) npk.append({ [log]: Float64Array.of(n) })
  else if (n % 4 === 1) npk.save({ [page]: pageOf(n) })
  else npk.replace({ [page]: pageOf(n) }, ':')
}

const [path, id, count, how] = process.argv.slice(2) as [string, string, string, string]
writeOn(path, id, Number(count), how)
