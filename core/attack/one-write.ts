import { NumPackError } from '../format/errors.ts'
import { NumPack } from '../storage/numpack.ts'
import { OPERATIONS } from '../storage/test-support/operations.ts'

/** Performs one write and prints how it ended: `node one-write.ts STORE OPERATION`. */
const [path, name] = process.argv.slice(2) as [string, string]
let outcome = 'done'
try {
  using npk = NumPack.open(path)
  OPERATIONS[name]?.(npk)
} catch (error) {
  outcome = error instanceof NumPackError ? `failed ${error.code}` : `untyped ${String(error)}`
}
process.stdout.write(`${outcome}\n`)
