import { stripVTControlCharacters } from 'node:util'
import type { Outcome } from './outcome.ts'

export interface Summary {
  lines: string[]
  failed: number
}

const NOTE_LINES = 8
const indented = (note: string): string =>
  stripVTControlCharacters(note)
    .split('\n')
    .slice(0, NOTE_LINES)
    .map(line => `    ${line}`)
    .join('\n')

/** A flaky test counts as passed. A skip without a reason counts as failed, and so does any skip if `forbidsSkips`. */
export function summarize(outcomes: readonly Outcome[], forbidsSkips: boolean): Summary {
  const inState = (state: Outcome['state']): Outcome[] => outcomes.filter(outcome => outcome.state === state)
  const flaky = inState('flaky')
  const skipped = inState('skipped')
  const skips = new Map<string, number>()
  for (const { note = 'no reason given' } of skipped) skips.set(note, (skips.get(note) ?? 0) + 1)

  const lines = [
    ...[...skips].map(([note, count]) => `skipped ${count}: ${note}`),
    ...flaky.map(({ name }) => `flaky: ${name}`),
    ...inState('failed').flatMap(({ name, note }) => [`failed: ${name}`, ...(note ? [indented(note)] : [])]),
  ]
  const badSkips = skipped.filter(({ note }) => note === undefined || forbidsSkips).length
  if (badSkips > 0) lines.push(`${badSkips} skipped tests count as failed: they give no reason, or this is CI`)
  if (flaky.length > 0) lines.push(`${flaky.length} flaky: failed at first, passed when tried again, counted as passed`)
  const failed = inState('failed').length + badSkips
  lines.push(`${inState('passed').length + flaky.length} passed, ${failed} failed`)
  return { lines, failed }
}
