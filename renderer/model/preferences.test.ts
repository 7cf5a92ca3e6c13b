import { expect, test } from 'vitest'
import { createApp } from './app.ts'
import { FakeHost } from './test-support/fake-host.ts'
import { knownPreferences, setPreference } from './preferences.ts'

test('preferences that this version does not understand are left out', () => {
  const values = {
    shadeBy: 'array',
    rowSet: 'sideways',
    arraysHidden: 1,
    detailsWidth: 320,
    arraysWidth: -4,
    other: true,
  }
  expect(knownPreferences(values, 1)).toEqual({ shadeBy: 'array', detailsWidth: 320 })
  expect(knownPreferences({}, 1)).toEqual({})
})

test('a changed preference is stored once', () => {
  const host = new FakeHost({ setPreference: () => ({ result: {} }) })
  const app = createApp(host)
  setPreference(app, 'shadeBy', 'array')
  setPreference(app, 'shadeBy', 'array')
  expect(app.preferences.getState().shadeBy).toBe('array')
  expect(host.paramsOf('setPreference')).toEqual([{ key: 'shadeBy', value: 'array' }])
})
