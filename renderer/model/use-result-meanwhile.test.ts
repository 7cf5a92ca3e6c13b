// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { NO_PROGRESS } from '../../core/explorer/contract/tasks.ts'
import { useResultMeanwhile } from './use-result-meanwhile.ts'
import type { TaskState } from './use-task.ts'

type Result = readonly number[]

const taskIn = (state: TaskState<Result>['state'], result: Result | null): TaskState<Result> => ({
  state,
  result,
  progress: NO_PROGRESS,
  failure: null,
})

/** Returns what is on screen after each of the tasks in turn. */
function shown(...steps: (readonly [task: TaskState<Result>, about: string])[]): (Result | null)[] {
  const { result, rerender } = renderHook(([task, about]) => useResultMeanwhile(task, about), {
    initialProps: steps[0]!,
  })
  return steps.map(step => {
    rerender(step)
    return result.current.result
  })
}

test('a complete result stays until all of the next one is there', () => {
  const steps = [
    [taskIn('running', [1]), 'a'],
    [taskIn('done', [1, 2]), 'a'],
    [taskIn('running', null), 'a'],
    [taskIn('running', [3]), 'a'],
    [taskIn('done', [3, 4]), 'a'],
  ] as const
  expect(shown(...steps)).toEqual([[1], [1, 2], [1, 2], [1, 2], [3, 4]])
})

test('a result does not stay for another picture, nor when the next one failed', () => {
  const done = [taskIn('done', [1]), 'a'] as const
  expect(shown(done, [taskIn('running', null), 'b'])).toEqual([[1], null])
  expect(shown(done, [taskIn('failed', null), 'a'])).toEqual([[1], null])
  expect(shown(done, [taskIn('cancelled', [2]), 'a'])).toEqual([[1], [2]])
})
