// @vitest-environment happy-dom
import { act, createEvent, fireEvent, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../core/explorer/contract/default-settings.ts'
import { FakeHost } from '../../model/test-support/fake-host.ts'
import { renderPanel } from '../../model/test-support/render-panel.tsx'
import { Figure } from './figure.tsx'

test('a statistic is copied without groups, and with a decimal comma if the settings say so', () => {
  const { app } = renderPanel(<Figure text="≈ 1,234.5" />, new FakeHost())
  const element = screen.getByText((_, element) => element?.tagName === 'SPAN')
  vi.spyOn(globalThis, 'getSelection').mockReturnValue({ toString: () => '≈ 1,234.5' } as Selection)
  const copied = (): string => {
    const setData = vi.fn<(type: string, text: string) => void>()
    const event = createEvent.copy(element, { clipboardData: { setData } })
    fireEvent(element, event)
    return setData.mock.lastCall?.[1] ?? ''
  }
  expect(copied()).toBe('1234.5')
  act(() => app.settings.setState({ values: { ...DEFAULT_SETTINGS, decimalComma: true } }))
  expect(copied()).toBe('1234,5')
  vi.restoreAllMocks()
})
