import { writeSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { NDArray } from '../storage/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'

/**
 * A program that writes on whatever happens: `node stubborn-writer.ts STORE ID COUNT`. Write n appends n to the array
 * `log-ID` and fills `page-ID` with n, in turn. It says `done n` or `failed n CODE`; an error that is not typed ends it.
 */

/** Elements of a page, which are all the same after each write. */
export const PAGE = 5000

const pageOf = (value: number): NDArray => NDArray.from(new Float64Array(PAGE).fill(value))

function writeOn(path: string, id: string, count: number): void {
  const log = `log-${id}`
  const page = `page-${id}`
  for (let n = 1; n <= count; n++) {
    try {
      using npk = NumPack.open(path)
      if (!npk.hasArray(log)) npk.save({ [log]: NDArray.zeros([0], 'float64'), [page]: pageOf(0) })
      if (n % 2 === 0) npk.append({ [log]: Float64Array.of(n) })
      else if (n % 4 === 1) npk.save({ [page]: pageOf(n) })
      else npk.replace({ [page]: pageOf(n) }, ':')
      writeSync(1, `done ${n}\n`)
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
      writeSync(1, `failed ${n} ${error.code} ${error.message.slice(0, 300).replaceAll('\n', ' ')}\n`)
    }
  }
}

if (import.meta.main) {
  const [path, id, count] = process.argv.slice(2) as [string, string, string]
  writeOn(path, id, Number(count))
}
