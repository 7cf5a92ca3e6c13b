import { writeSync } from 'node:fs'
import { NumPack } from '../storage/numpack.ts'
import { perform } from '../storage/test-support/model.ts'
import { atomicOperations } from './atomic-operations.ts'

/**
 * Writes to a store until it is killed: `node endless-writer.ts STORE SEED DONE`. The store contains the result of the
 * seed's first DONE operations. Prints `begun n` before and `done n` after operation n.
 */
const [path, seed, done] = process.argv.slice(2) as [string, string, string]
const npk = NumPack.open(path)
let number = 0
for (const { operation } of atomicOperations(Number(seed))) {
  if (++number <= Number(done)) continue
  writeSync(1, `begun ${number}\n`)
  perform(npk, operation)
  writeSync(1, `done ${number}\n`)
}
