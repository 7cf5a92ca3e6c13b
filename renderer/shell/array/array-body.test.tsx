// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { beforeAll, expect, test, vi } from 'vitest'
import { GRID_VIEW } from '../../features/views/grid/index.ts'
import { IMAGE_VIEW } from '../../features/views/image/index.ts'
import type { ArrayView } from '../../model/array-views.ts'
import { viewKey } from '../../model/array-shape.ts'
import { useSession } from '../../model/hooks.ts'
import { showArray } from '../../model/navigation.ts'
import { activeArray, activeStore, withStore } from '../../model/session.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../model/test-support/fake-tasks.ts'
import { commandStub, openStore, renderPanel } from '../../model/test-support/render-panel.tsx'
import { useViewState } from '../../model/use-view-state.ts'
import { ArrayBody } from './array-body.tsx'

beforeAll(async () => {
  // The test environment has no canvas to draw on.
  const context = { setTransform() {}, putImageData() {} }
  HTMLCanvasElement.prototype.getContext = (() => context) as unknown as HTMLCanvasElement['getContext']
  await IMAGE_VIEW.load?.()
})

const infoOf = (shape: number[]) =>
  storeInfo(1, '/data/study.npk', [arrayInfo({ name: 'scans', shape, physicalShape: shape })])

function ActiveBody() {
  const store = useSession(activeStore)!
  const array = useSession(activeArray)!
  return <ArrayBody store={store} array={array} activeArray={store.activeArray!} />
}

test('an image is drawn anew when its array is rewritten with fewer axes', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const commands = ['zoomReset', 'copyPicture', 'savePng', 'saveSvg', 'previousSlice', 'nextSlice']
  const { app } = renderPanel(<ActiveBody />, host, {
    commands: commands.map(id => commandStub(id)),
    views: [IMAGE_VIEW],
    store: { ...openStore(infoOf([6, 4, 5])), viewId: 'image' },
  })
  expect(await screen.findByRole('img', { name: 'scans as an image, 4 × 5' }, { timeout: 10_000 })).toBeDefined()
  await act(async () =>
    app.session.setState(session =>
      withStore(session, '/data/study.npk', store => ({ ...store, info: infoOf([6, 4]) })),
    ),
  )
  expect(screen.getByRole('img', { name: 'scans as an image, 6 × 4' })).toBeDefined()
  expect(tasks.list.at(-1)).toMatchObject({ params: { axes: [{ count: 6 }, { count: 4 }] } })
})

test('an array that its view can’t draw costs only that view, also one that is kept from array to array', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  const grid: ArrayView = {
    ...GRID_VIEW,
    component: ({ array }) => {
      if (array.name === 'broken') throw new RangeError('too wide')
      return <p>{array.name} is drawn</p>
    },
  }
  const info = storeInfo(1, '/data/study.npk', [arrayInfo({ name: 'broken' }), arrayInfo({ name: 'whole' })])
  const { app } = renderPanel(<ActiveBody />, new FakeHost(), { views: [grid], store: openStore(info) })
  expect(screen.getByText('This view could not be drawn')).toBeDefined()
  await act(async () => showArray(app, '/data/study.npk', 'whole'))
  expect(screen.getByText('whole is drawn')).toBeDefined()
  reported.mockRestore()
})

test('a view that can’t be drawn with what was kept of it can be reset', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
  const scores = arrayInfo({ name: 'scores' })
  const others = arrayInfo({ name: 'scores of others' })
  const plot: ArrayView = {
    ...GRID_VIEW,
    component: ({ store, array }) => {
      const [{ bins }] = useViewState<{ bins: string }>(store, array, 'plot', kept => kept ?? { bins: 'twenty' })
      return <p>{bins.toUpperCase()} bins</p>
    },
  }
  const host = new FakeHost({ rememberPlace: () => ({ result: {} }) })
  const keys = [scores, others].map(array => JSON.stringify([...viewKey(array), 'plot']))
  const viewStates = new Map<string, unknown>(keys.map(key => [key, { bins: 20 }]))
  const store = { ...openStore(storeInfo(1, '/data/study.npk', [scores])), viewStates }
  const { user } = renderPanel(<ActiveBody />, host, { views: [plot], store })
  expect(screen.getByText('This view could not be drawn')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Reset' }))
  expect(screen.getByText('TWENTY bins')).toBeDefined()
  expect([...viewStates.keys()]).toEqual([keys[1]])
  reported.mockRestore()
})
