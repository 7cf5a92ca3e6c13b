import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Outcome {
  name: string
  state: 'passed' | 'flaky' | 'failed' | 'skipped'
  note?: string
}

export const noteOf = (text: string | undefined): Pick<Outcome, 'note'> => (text ? { note: text } : {})

export function writeOutcomes(outcomes: Outcome[]): void {
  const file = process.env['OUTCOMES']
  if (file === undefined) return
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(outcomes))
}
