import type { Outcome } from './outcome.ts'

/** Returns a suite's outcomes, and a failed one more if it ended badly without saying why. */
export function checkSuite(
  name: string,
  outcomes: readonly Outcome[],
  { status, signal }: { status: number | null; signal: string | null },
): readonly Outcome[] {
  const isSilent = outcomes.length === 0 || (status !== 0 && !outcomes.some(test => test.state === 'failed'))
  if (!isSilent) return outcomes
  const text = `${name}: ended with ${status ?? signal} and ${outcomes.length} tests`
  return [...outcomes, { name: text, state: 'failed' }]
}
