// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { beforeAll, expect, test, vi } from 'vitest'
import type { ArrayTask } from '../../../../core/explorer/contract/types.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../../model/test-support/fake-tasks.ts'
import { commandStub, openStore, renderPanel } from '../../../model/test-support/render-panel.tsx'
import { ImagePane } from './image-pane.tsx'

beforeAll(() => {
  // The test environment has no canvas to draw on.
  const context = { setTransform() {}, putImageData() {} }
  HTMLCanvasElement.prototype.getContext = (() => context) as unknown as HTMLCanvasElement['getContext']
})

/** A slice of four rows and five columns with the values from -3 to 16. */
const SLICE = {
  reading: { dtype: 'int32', done: 20 },
  bytes: Int32Array.from({ length: 20 }, (_, i) => i - 3).buffer,
} as const

function showImage(onStart?: (tasks: FakeTasks) => void, shape = [6, 4, 5]) {
  const array = arrayInfo({ name: 'scans', dtype: 'int32', shape, physicalShape: shape })
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  const commands = ['zoomReset', 'copyPicture', 'savePng', 'saveSvg', 'previousSlice', 'nextSlice']
  const host = new FakeHost()
  const tasks = new FakeTasks(host, onStart)
  const panel = (
    <ImagePane
      store={store}
      array={array}
      activeArray={{ ...store.activeArray!, index: shape.slice(2).map(() => 0) }}
    />
  )
  return { ...renderPanel(panel, host, { commands: commands.map(id => commandStub(id)), store }), tasks }
}

test('an image is named after its array and size, and shows the range of its values when they are read', async () => {
  const { tasks } = showImage()
  expect(screen.getByRole('img', { name: 'scans as an image, 4 × 5' })).toBeDefined()
  expect(screen.getByRole('status').textContent).toBe('')
  await act(async () => tasks.finish(SLICE))
  expect(screen.getByRole('status').textContent).toBe('-316')
})

test('an image that takes long shows how far it is and can be cancelled; one that can’t be read says why', async () => {
  const { tasks, user } = showImage()
  await act(async () => tasks.advance(50))
  expect(screen.getByRole('progressbar', { name: 'Reading' }).getAttribute('aria-valuenow')).toBe('50')
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(tasks.list).toMatchObject([{ kind: 'sample', state: 'cancelled' }])
  await user.click(screen.getByRole('button', { name: 'Start again' }))
  await act(async () => tasks.fail('The disk does not answer.'))
  expect(screen.getByText('The disk does not answer.')).toBeDefined()
})

test('the range of an image’s colours can be typed, starting with the one on screen', async () => {
  const { user } = showImage(tasks => tasks.finish(SLICE))
  await screen.findByText('16')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Range' }), 'Manual')
  const last = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Value of the last colour' })
  expect(last.value).toBe('16')
  await user.type(last, '40', { initialSelectionStart: 0, initialSelectionEnd: 2 })
  expect(screen.getByRole('status').textContent).toBe('-340')
})

test('an image with more rows than pixels shows the extremes of all its elements', async () => {
  showImage(
    tasks => {
      const { axes } = (tasks.list.at(-1) as Extract<ArrayTask, { kind: 'sample' }>).params
      const [rows, columns] = axes.map(({ start, count, step }) =>
        Array.from({ length: count }, (_, i) => start + i * step),
      )
      // Every second row is read first; the peak is in one of the others.
      const elements = rows!.flatMap(row => columns!.map(column => (row === 1001 && column === 1 ? 99 : 7)))
      tasks.finish({
        reading: { dtype: 'int32', done: elements.length },
        bytes: Int32Array.from(elements).buffer,
      })
    },
    [2048, 3],
  )
  const status = screen.getByRole('status')
  await vi.waitFor(() => expect(status.textContent).toMatch(/^799.*farthest from their mean/))
})
