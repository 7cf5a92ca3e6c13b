import { writeSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'

/**
 * `node stubborn-writer.ts STORE ID COUNT HOW` appends n to `log-ID` or fills `page-ID` with n, and prints `done n` or
 * `failed n CODE`. HOW is `keep` (the store stays open) or `reopen` (creates a missing store again).
 */

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
