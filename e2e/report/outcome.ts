import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What became of one test. `note` is the reason of a skip. */
export interface Outcome {
  name: string
  state: 'passed' | 'failed' | 'skipped'
  note?: string
}

/** Writes a suite's outcomes where `npm test` asked for them (`OUTCOMES`). */
export function writeOutcomes(outcomes: Outcome[]): void {
  const file = process.env['OUTCOMES']
  if (file === undefined) return
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(outcomes))
}
