import { expect, test } from 'vitest'
import type { ArrayInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import { createApp } from '../model/app.ts'
import { viewsOf } from '../model/array-views.ts'
import { arrayInfo, FakeHost } from '../model/test-support/fake-host.ts'
import { VIEWS } from './views.ts'

const app = createApp(new FakeHost(), { views: VIEWS })
const idsOf = (change: Partial<ArrayInfo>, rows: RowSetName = 'active'): string[] =>
  viewsOf(app, arrayInfo({ name: 'a', ...change }), rows).map(({ id }) => id)

test('every view has its own id and title', () => {
  expect(new Set(VIEWS.map(({ id }) => id)).size).toBe(VIEWS.length)
  expect(new Set(VIEWS.map(({ title }) => title)).size).toBe(VIEWS.length)
})

test('an array with rows and columns can be shown as cells, a plot, an image, a table of its columns and its description', () => {
  expect(idsOf({})).toEqual(expect.arrayContaining(['grid', 'plot', 'image', 'columns', 'info']))
})

test('an array of one axis has a plot, but neither an image nor a table of columns', () => {
  const ids = idsOf({ shape: [100], physicalShape: [100] })
  expect(ids).toContain('plot')
  expect(ids).not.toContain('image')
  expect(ids).not.toContain('columns')
})

test.each<[what: string, change: Partial<ArrayInfo>, rows: RowSetName]>([
  ['that is damaged', { damaged: 'its file is cut off' }, 'active'],
  ['of an unknown dtype', { dtype: null }, 'active'],
  ['without axes', { shape: [], physicalShape: [] }, 'active'],
  ['without columns', { shape: [100, 0], physicalShape: [100, 0] }, 'active'],
  ['whose rows are all deleted', { shape: [0, 3], deletedRows: 100 }, 'active'],
  ['of which no row is deleted', {}, 'deleted'],
])('an array %s is shown in the first view and in no plot, image or columns view', (_what, change, rows) => {
  const ids = idsOf(change, rows)
  expect(ids[0]).toBe('grid')
  expect(ids).toContain('info')
  for (const id of ['plot', 'image', 'columns']) expect(ids).not.toContain(id)
})
