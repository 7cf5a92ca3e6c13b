import type { Reporter, Suite } from '@playwright/test/reporter'
import { type Outcome, writeOutcomes } from './outcome.ts'

/** Reports the result of each browser test to `npm test`. */
export default class OutcomeReporter implements Reporter {
  #suite: Suite | undefined

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite
  }

  onEnd(): void {
    const outcomes = (this.#suite?.allTests() ?? []).map((test): Outcome => {
      const name = test.titlePath().filter(Boolean).join(' > ')
      const outcome = test.outcome()
      if (outcome === 'flaky') return { name, state: 'flaky' }
      if (outcome !== 'skipped') return { name, state: test.ok() ? 'passed' : 'failed' }
      const note = test.annotations.find(annotation => annotation.type === 'skip')?.description
      return { name, state: 'skipped', ...(note !== undefined && { note }) }
    })
    writeOutcomes(outcomes)
  }
}
