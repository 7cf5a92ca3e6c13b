import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BENCHMARKS } from './benchmarks.ts'
import type { Figure } from './harness.ts'

/**
 * `node core/bench/run.ts [--folder FOLDER] [WORD...]` runs the benchmarks whose names contain a WORD and prints a
 * table. Needs a few gigabytes in FOLDER (default: the system's temporary folder). Exits with 1 if a goal is missed.
 */
const execute = promisify(execFile)
const program = fileURLToPath(new URL('benchmark-once.ts', import.meta.url))

function verdict({ measured, goal }: Figure): 'met' | 'missed' | '' {
  if (goal === null || measured === null) return ''
  return (goal.bound === 'at most' ? measured <= goal.limit : measured >= goal.limit) ? 'met' : 'missed'
}

function cellsOf(figure: Figure): string[] {
  const { what, value, beside, measured, goal } = figure
  const unit = goal === null ? ' x' : ` ${goal.unit}`
  return [
    what,
    value,
    beside,
    measured === null ? '' : `${measured.toPrecision(3)}${unit}`,
    goal ? `${goal.bound === 'at most' ? '<=' : '>='} ${goal.limit}${unit}` : '',
    goal && measured === null ? 'not compared' : verdict(figure),
  ]
}

function printTable(rows: readonly string[][]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}

const args = process.argv.slice(2)
const at = args.indexOf('--folder')
const parent = at < 0 ? tmpdir() : resolve(args.splice(at, 2)[1] ?? '.')
const chosen = Object.keys(BENCHMARKS).filter(
  name => args.length === 0 || args.some(word => name.toLowerCase().includes(word.toLowerCase())),
)
const folder = mkdtempSync(join(parent, 'numpack-bench-'))
const cleanUp = (): void => rmSync(folder, { recursive: true, force: true })
process.once('SIGINT', () => {
  cleanUp()
  process.exit(130)
})
try {
  const rows = [['what', 'figure', 'beside', 'measured', 'goal', '']]
  for (const name of chosen) {
    console.error(`${name} ...`)
    const own = join(folder, name)
    mkdirSync(own)
    const { stdout } = await execute(process.execPath, [program, name, own])
    const figures = JSON.parse(stdout) as Figure[]
    if (figures.some(figure => verdict(figure) === 'missed')) process.exitCode = 1
    rows.push(...figures.map(cellsOf))
  }
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`)
  printTable(rows)
} finally {
  cleanUp()
}
