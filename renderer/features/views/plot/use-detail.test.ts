// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDetail } from './use-detail.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

test('the part in view is read with a margin, until all is in view or another plot is shown', () => {
  const { result, rerender } = renderHook(({ key }) => useDetail(1000, key), { initialProps: { key: 'a' } })
  const zoom = (from: number, to: number): void =>
    act(() => {
      result.current.onZoom([from, to])
      vi.runAllTimers()
    })
  zoom(100, 200)
  expect(result.current.detail).toEqual([50, 251])
  zoom(0, 999)
  expect(result.current.detail).toBeNull()
  zoom(900, 999)
  expect(result.current.detail).toEqual([850, 1000])
  rerender({ key: 'b' })
  expect(result.current.detail).toBeNull()
})
