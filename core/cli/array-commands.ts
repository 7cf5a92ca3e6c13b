import { type Command, InvalidArgumentError } from 'commander'
import { formatShape } from '../format/quantities.ts'
import { visibleText } from '../format/visible-text.ts'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { sizeOf } from '../array/indexing.ts'
import { slice } from '../array/selection.ts'
import { NDArray } from '../array/ndarray.ts'
import type { LazyArray } from '../storage/lazy-array.ts'
import { type ArraySource, chooseArray, openArraySource } from './array-source.ts'
import { type Cli, type Flags, show, withProgress } from './command-line.ts'
import { formatRows } from './rows-text.ts'
import { formatStatistics } from './statistics-text.ts'
import { formatArrays } from './store-text.ts'

const PATH = ['<path>', 'a store (data.npk) or a package (data.npkg)'] as const
const ARRAY = ['[array]', 'the array; may be left out where there is only one'] as const

export function addList(program: Command, cli: Cli): void {
  program
    .command('ls')
    .description('list the arrays of a store or a package')
    .argument(...PATH)
    .action(async (path: string, flags: Flags) => {
      using source = await openArraySource(path, cli.signal)
      const { arrays } = source
      show(cli, flags, arrays, formatArrays(arrays))
      for (const { name, damaged } of arrays) {
        if (damaged === null) continue
        cli.printError(`array '${visibleText(name)}' is damaged: ${visibleText(damaged)}`)
        cli.bad()
      }
    })
}

interface HeadFlags extends Flags {
  readonly rows: number
  readonly from: number
}

export function addHead(program: Command, cli: Cli): void {
  program
    .command('head')
    .description('print rows of an array, without its deleted rows')
    .argument(...PATH)
    .argument(...ARRAY)
    .option('-n, --rows <number>', 'how many rows', countNumber, 10)
    .option('--from <row>', 'the first row; negative numbers count from the end', wholeNumber, 0)
    .action(async (path: string, given: string | undefined, flags: HeadFlags) => {
      using source = await openArraySource(path, cli.signal)
      const name = chooseArray(path, source, given)
      const { from, rows } = rowsOf(source.load(name), flags)
      const { dtype, shape } = rows
      const result = { array: name, dtype, shape, from, rows: rows.toList() }
      const isEmpty = rows.length === 0
      if (!isEmpty || flags.json === true) show(cli, flags, result, formatRows(rows, from, cli.columns))
    })
}

/** Reads rows; those of a 0-D array are its one element. Throws `ARGUMENT` for more than can be printed. */
function rowsOf(array: LazyArray, flags: HeadFlags): { from: number; rows: NDArray } {
  if (array.ndim === 0) return { from: 0, rows: new NDArray(array.dtype, [1], array.toNDArray().data) }
  const { length } = array
  const from = Math.max(0, Math.min(flags.from < 0 ? length + flags.from : flags.from, length))
  const stop = Math.min(length, from + flags.rows)
  const elements = sizeOf([stop - from, ...array.shape.slice(1)])
  if (elements <= LIMITS.printedElements) return { from, rows: array.get(slice(from, stop)) }
  throw new NumPackError(
    'ARGUMENT',
    `${stop - from} rows have ${elements} elements, and at most ${LIMITS.printedElements} are printed. Give fewer --rows.`,
  )
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Give a whole number.')
  return value
}

function countNumber(text: string): number {
  const value = wholeNumber(text)
  if (value < 0) throw new InvalidArgumentError('Give 0 or more.')
  return value
}

interface StatisticsFlags extends Flags {
  readonly exact?: boolean
}

export function addStatistics(program: Command, cli: Cli): void {
  program
    .command('stats')
    .description('compute statistics of an array, without its deleted rows')
    .argument(...PATH)
    .argument(...ARRAY)
    .option('--exact', 'compute the quantiles of large arrays exactly, which may take several scans')
    .action(async (path: string, given: string | undefined, flags: StatisticsFlags) => {
      using source: ArraySource = await openArraySource(path, cli.signal)
      const name = chooseArray(path, source, given)
      const array = source.load(name)
      const { exact = false } = flags
      const statistics = await withProgress(cli, 'Reading', job => array.statistics({ exact, ...job }))
      const { dtype, shape } = array
      const head = `array '${visibleText(name)}': ${dtype}, ${shape.length === 0 ? 'one element' : formatShape(shape)}`
      show(cli, flags, { array: name, shape, ...statistics }, `${head}\n${formatStatistics(statistics)}`)
    })
}
