import { expect, test, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '../../core/explorer/contract/default-settings.ts'
import type { Answer } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { createApp } from './app.ts'
import { handleEvent } from './events.ts'
import { copiedNumber, loadSettings, setSetting } from './settings.ts'
import { FakeHost } from './test-support/fake-host.ts'
import { fakeSettings } from './test-support/fake-settings.ts'

test('a window takes the settings of its host, and says where they are kept', async () => {
  const app = createApp(new FakeHost(fakeSettings({ theme: 'dark' }, '/data/settings.json')))
  expect(app.settings.getState().values).toEqual(DEFAULT_SETTINGS)
  await loadSettings(app)
  expect(app.settings.getState()).toMatchObject({ values: { theme: 'dark' }, file: '/data/settings.json' })
})

test('a changed setting holds at once, and is kept once', async () => {
  const host = new FakeHost(fakeSettings())
  const app = createApp(host)
  setSetting(app, 'theme', 'dark')
  expect(app.settings.getState().values.theme).toBe('dark')
  setSetting(app, 'theme', 'dark')
  await vi.waitFor(() => expect(app.settings.getState().unanswered).toBe(0))
  expect(host.paramsOf('setSetting')).toEqual([{ key: 'theme', value: 'dark' }])
})

test('settings that another window has changed hold here too', () => {
  const app = createApp(new FakeHost())
  handleEvent(app, { type: 'settingsChanged', settings: { ...DEFAULT_SETTINGS, decimalComma: true } })
  expect(app.settings.getState().values.decimalComma).toBe(true)
})

test('of changes in quick succession none comes back for a moment, and the host has the last word', async () => {
  const answers: PromiseWithResolvers<Answer<'setSetting'>>[] = []
  const host = new FakeHost({
    setSetting: () => {
      const answer = Promise.withResolvers<Answer<'setSetting'>>()
      answers.push(answer)
      return answer.promise
    },
  })
  const app = createApp(host)
  const values = () => app.settings.getState().values
  setSetting(app, 'workerThreads', 1)
  setSetting(app, 'workerThreads', 12)
  const first = { ...DEFAULT_SETTINGS, workerThreads: 1 }
  handleEvent(app, { type: 'settingsChanged', settings: first })
  answers[0]!.resolve({ result: { settings: first } })
  await vi.waitFor(() => expect(app.settings.getState().unanswered).toBe(1))
  expect(values().workerThreads).toBe(12)
  answers[1]!.resolve({ result: { settings: { ...DEFAULT_SETTINGS, workerThreads: 12, theme: 'dark' } } })
  await vi.waitFor(() => expect(values()).toEqual({ ...DEFAULT_SETTINGS, workerThreads: 12, theme: 'dark' }))
})

test('a setting that the host refuses is reported and as it was before', async () => {
  const host = new FakeHost({
    setSetting: () => {
      throw new BridgeError('ARGUMENT', 'is no value of this setting')
    },
  })
  const app = createApp(host)
  setSetting(app, 'theme', 'dark')
  await vi.waitFor(() => expect(app.notices.getState().list).toMatchObject([{ kind: 'error' }]))
  expect(app.settings.getState().values).toEqual(DEFAULT_SETTINGS)
})

test('copied numbers have a decimal comma only if the settings say so', () => {
  const app = createApp(new FakeHost())
  const texts = ['1.5', '-1.25e-07', '0.0-0.33j', 'nan', '-inf', '12', 'True']
  expect(texts.map(text => copiedNumber(app, text))).toEqual(texts)
  app.settings.setState({ values: { ...DEFAULT_SETTINGS, decimalComma: true } })
  expect(texts.map(text => copiedNumber(app, text))).toEqual([
    '1,5',
    '-1,25e-07',
    '0,0-0,33j',
    'nan',
    '-inf',
    '12',
    'True',
  ])
})
