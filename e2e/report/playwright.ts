import type { Reporter, Suite } from '@playwright/test/reporter'
import { noteOf, type Outcome, writeOutcomes } from './outcome.ts'

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
      if (outcome !== 'skipped' && test.ok()) return { name, state: 'passed' }
      if (outcome !== 'skipped') return { name, state: 'failed', ...noteOf(test.results.at(-1)?.error?.message) }
      const note = test.annotations.find(annotation => annotation.type === 'skip')?.description
      return { name, state: 'skipped', ...noteOf(note) }
    })
    writeOutcomes(outcomes)
  }
}
