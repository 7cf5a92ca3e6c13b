import { expect, test } from 'vitest'
import type { Outcome } from './outcome.ts'
import { summarize } from './summary.ts'

const PASSED: Outcome = { name: 'a', state: 'passed' }
const FLAKY: Outcome = { name: 'b', state: 'flaky' }
const FAILED: Outcome = { name: 'c', state: 'failed' }
const SKIPPED: Outcome = { name: 'd', state: 'skipped', note: 'no screen here' }
const SKIPPED_SILENTLY: Outcome = { name: 'e', state: 'skipped' }

test('the last line counts the tests that passed and failed', () => {
  expect(summarize([PASSED, PASSED, FAILED], false)).toEqual({ lines: ['failed: c', '2 passed, 1 failed'], failed: 1 })
})

test('a failed test is named with the beginning of its message', () => {
  const note = `\u001b[31mexpected 2\u001b[39m\n${'line\n'.repeat(20)}`
  const { lines } = summarize([{ ...FAILED, note }], false)
  expect(lines[0]).toBe('failed: c')
  expect(lines[1]).toBe(['expected 2', ...Array<string>(7).fill('line')].map(line => `    ${line}`).join('\n'))
})

test('a test that passed only when it was tried again is named, counted as flaky and counted as passed', () => {
  expect(summarize([PASSED, FLAKY], false)).toEqual({
    lines: ['flaky: b', '1 flaky: failed at first, passed when tried again, counted as passed', '2 passed, 0 failed'],
    failed: 0,
  })
})

test('a skip with a reason is no failure', () => {
  expect(summarize([PASSED, SKIPPED, SKIPPED], false)).toEqual({
    lines: ['skipped 2: no screen here', '1 passed, 0 failed'],
    failed: 0,
  })
})

test('a skip without a reason counts as failed', () => {
  expect(summarize([PASSED, SKIPPED_SILENTLY], false)).toMatchObject({ failed: 1 })
})

test('in CI every skip counts as failed', () => {
  const { lines, failed } = summarize([PASSED, SKIPPED], true)
  expect(failed).toBe(1)
  expect(lines.at(-1)).toBe('1 passed, 1 failed')
})
