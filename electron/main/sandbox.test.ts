import { expect, test } from 'vitest'
import { sandboxProblem } from './sandbox.ts'

test('a packed app without its sandbox refuses to start, except as root, who has none', () => {
  expect(sandboxProblem(false, 1000)).toBeNull()
  expect(sandboxProblem(false, undefined)).toBeNull()
  expect(sandboxProblem(true, 1000)).toContain('--no-sandbox')
  expect(sandboxProblem(true, undefined)).toContain('--no-sandbox')
  expect(sandboxProblem(true, 0)).toBeNull()
})
