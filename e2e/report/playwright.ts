import type { Reporter, Suite } from '@playwright/test/reporter'
import { type Outcome, writeOutcomes } from './outcome.ts'

/** Tells `npm test` what became of each test in the browser. */
export default class OutcomeReporter implements Reporter {
  #suite: Suite | undefined

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite
  }

  onEnd(): void {
    const outcomes = (this.#suite?.allTests() ?? []).map((test): Outcome => {
      const name = test.titlePath().filter(Boolean).join(' > ')
      if (test.outcome() !== 'skipped') return { name, state: test.ok() ? 'passed' : 'failed' }
      const note = test.annotations.find(annotation => annotation.type === 'skip')?.description
      return { name, state: 'skipped', ...(note !== undefined && { note }) }
    })
    writeOutcomes(outcomes)
  }
}
