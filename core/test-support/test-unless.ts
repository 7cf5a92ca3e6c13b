import { beforeEach, describe, test, type TestAPI } from 'vitest'

/** Returns `test`. If there is a reason, its tests are skipped and name it, which those of `test.skipIf` don't. */
export const testUnless = (reason: string | null): TestAPI =>
  reason === null ? test : (test.extend('reason', { auto: true }, ({ skip }) => skip(reason)) as unknown as TestAPI)

/** As `testUnless`, for `describe`. */
export const describeUnless =
  (reason: string | null) =>
  (name: string, define: () => void): void => {
    describe.each([name])('%s', () => {
      if (reason !== null) beforeEach(({ skip }) => skip(reason))
      define()
    })
  }
