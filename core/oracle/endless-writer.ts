import { writeSync } from 'node:fs'
import { NumPack } from '../storage/numpack.ts'
import { perform } from '../storage/test-support/model.ts'
import { atomicOperations } from './atomic-operations.ts'

/** `node endless-writer.ts STORE SEED DONE` continues after DONE operations. Prints `begun n` and `done n`. */
const [path, seed, done] = process.argv.slice(2) as [string, string, string]
const npk = NumPack.open(path)
let number = 0
for (const { operation } of atomicOperations(Number(seed))) {
  if (++number <= Number(done)) continue
  writeSync(1, `begun ${number}\n`)
  perform(npk, operation)
  writeSync(1, `done ${number}\n`)
}
