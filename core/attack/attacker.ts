import { openSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { randomFrom } from '../oracle/random.ts'
import { disk } from '../system/files.ts'
import { describeError, signatureOf, type StartAttack } from './attack.ts'
import type { AttackResult, RunFault } from './supervise.ts'

/** `node attacker.ts MODULE SEED FROM TO FOLDER PROGRESS RESULT`: the file PROGRESS tells which run hangs. */
const [module, seed, from, to, folder, progressFile, resultFile] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
]

const MAX_DIFFERENT_FAULTS = 20
const MAX_FAULT_CHARACTERS = 4000
const RUNS_PER_RESULT = 50

// No test here cuts the power, so syncing would only cost time.
disk.sync = () => {}
process.chdir(folder)

const { startAttack } = (await import(pathToFileURL(resolve(import.meta.dirname, module)).href)) as {
  startAttack: StartAttack
}
const attack = await startAttack(folder)
const progress = openSync(progressFile, 'w')
const outcomes: Record<string, number> = {}
const faults = new Map<string, RunFault>()
let slowest = { run: 0, ms: 0 }
let done = 0
for (let number = Number(from); number < Number(to) && faults.size < MAX_DIFFERENT_FAULTS; number++) {
  writeSync(progress, String(number).padEnd(12), 0)
  const started = performance.now()
  try {
    const outcome = await attack.run(randomFrom(Math.imul(Number(seed), 0x9e3779b1) + number), number)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  } catch (error) {
    addFault(number, error)
  }
  const ms = Math.round(performance.now() - started)
  if (ms > slowest.ms) slowest = { run: number, ms }
  done++
  if (done % RUNS_PER_RESULT === 0) writeResult()
}
writeSync(progress, 'end'.padEnd(12), 0)
try {
  await attack.end?.()
} catch (error) {
  addFault(Number(to), error)
}
writeResult()

function writeResult(): void {
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024)
  const result: AttackResult = { runs: done, outcomes, faults: [...faults.values()], slowest, mebibytes }
  writeFileSync(`${resultFile}.new`, JSON.stringify(result))
  renameSync(`${resultFile}.new`, resultFile)
}

function addFault(run: number, error: unknown): void {
  const signature = signatureOf(error)
  const known = faults.get(signature)
  if (known !== undefined) {
    known.times++
    return
  }
  faults.set(signature, { run, what: describeError(error).slice(0, MAX_FAULT_CHARACTERS), times: 1 })
  writeResult()
}
