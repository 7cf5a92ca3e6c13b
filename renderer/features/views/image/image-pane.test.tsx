// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Answer } from '../../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../../model/test-support/fake-host.ts'
import { commandStub, openStore, renderPanel } from '../../../model/test-support/render-panel.tsx'
import { ImagePane } from './image-pane.tsx'

type Steps = Answer<'readSteps'>

beforeAll(() => {
  // The test environment has no canvas to draw on.
  const context = { setTransform() {}, putImageData() {} }
  HTMLCanvasElement.prototype.getContext = (() => context) as unknown as HTMLCanvasElement['getContext']
})

/** A slice of four rows and five columns with the values from -3 to 16. */
const SLICE: Steps = {
  result: { dtype: 'int32', done: 4, generation: 1 },
  bytes: Int32Array.from({ length: 20 }, (_, i) => i - 3).buffer,
}

function showImage(readSteps: () => Steps | Promise<Steps>) {
  const array = arrayInfo({ name: 'scans', dtype: 'int32', shape: [6, 4, 5], physicalShape: [6, 4, 5] })
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  const commands = ['zoomReset', 'copyPicture', 'savePng', 'saveSvg', 'previousSlice', 'nextSlice']
  const host = new FakeHost({ readSteps })
  const panel = <ImagePane store={store} array={array} activeArray={{ ...store.activeArray!, index: [0] }} />
  return { ...renderPanel(panel, host, { commands: commands.map(id => commandStub(id)), store }), host }
}

test('an image is named after its array and size, and shows the range of its values when they are read', async () => {
  const answer = Promise.withResolvers<Steps>()
  showImage(() => answer.promise)
  expect(screen.getByRole('img', { name: 'scans as an image, 4 × 5' })).toBeDefined()
  expect(screen.getByRole('status').textContent).toBe('')
  answer.resolve(SLICE)
  expect(await screen.findByText('16')).toBeDefined()
  expect(screen.getByRole('status').textContent).toBe('-316')
})

test('an image that can’t be read stays empty, and the reason is announced', async () => {
  const { app } = showImage(() => {
    throw new BridgeError('IO', 'The disk does not answer.')
  })
  await vi.waitFor(() =>
    expect(app.notices.getState().list).toMatchObject([{ kind: 'error', message: 'The disk does not answer.' }]),
  )
  expect(screen.getByRole('status').textContent).toBe('')
})

test('the range of an image’s colours can be typed, starting with the one on screen', async () => {
  const { user } = showImage(() => SLICE)
  await screen.findByText('16')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Range' }), 'Manual')
  const last = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Value of the last colour' })
  expect(last.value).toBe('16')
  await user.type(last, '40', { initialSelectionStart: 0, initialSelectionEnd: 2 })
  expect(screen.getByRole('status').textContent).toBe('-340')
})
