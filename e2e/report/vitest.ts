import type { Reporter, TestModule } from 'vitest/node'
import { noteOf, type Outcome, writeOutcomes } from './outcome.ts'

/** Reports each test to `npm test`. A file that fails to load and an unhandled error count as failed tests. */
export default class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message?: string }[]): void {
    const outcomes: Outcome[] = []
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result()
        const name = `${module.relativeModuleId} > ${test.fullName}`
        if (result.state === 'skipped') outcomes.push({ name, state: 'skipped', ...noteOf(result.note) })
        else if (result.state !== 'passed')
          outcomes.push({ name, state: 'failed', ...noteOf(result.errors?.[0]?.message) })
        else outcomes.push({ name, state: test.diagnostic()?.flaky ? 'flaky' : 'passed' })
      }
      for (const error of module.errors())
        outcomes.push({ name: `${module.relativeModuleId}: ${error.message}`, state: 'failed' })
    }
    for (const error of unhandled) outcomes.push({ name: `unhandled: ${error.message ?? 'error'}`, state: 'failed' })
    writeOutcomes(outcomes)
  }
}
