import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** The result of one test. */
export interface Outcome {
  name: string
  /** Flaky: failed at first and passed when it was tried again. */
  state: 'passed' | 'flaky' | 'failed' | 'skipped'
  /** The reason for a skip, or the message of a failure. */
  note?: string
}

export const noteOf = (text: string | undefined): Pick<Outcome, 'note'> => (text ? { note: text } : {})

/** Writes a suite's outcomes where `npm test` asked for them (`OUTCOMES`). */
export function writeOutcomes(outcomes: Outcome[]): void {
  const file = process.env['OUTCOMES']
  if (file === undefined) return
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(outcomes))
}
