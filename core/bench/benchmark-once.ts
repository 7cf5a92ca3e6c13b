import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BENCHMARKS } from './benchmarks.ts'
import { run } from './command.ts'
import { Comparator } from './comparator.ts'
import type { Bench } from './harness.ts'

/** Each benchmark has its own process, because V8's heap and compiled code depend on earlier work. */
const [name = '', folder = ''] = process.argv.slice(2)

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

function findNumPack(): Bench['numpack'] {
  const interpreter = process.env['NUMPACK_PYTHON']
  if (interpreter === undefined || !existsSync(interpreter)) return null
  return (...args) => JSON.parse(run(interpreter, here('compare.py'), ...args)) as Record<string, number>
}

const benchmark = BENCHMARKS[name]
if (benchmark === undefined) throw new Error(`there is no benchmark ${name}`)
using comparator = Comparator.start(folder)
console.log(JSON.stringify(await benchmark({ folder, comparator, numpack: findNumPack() })))
