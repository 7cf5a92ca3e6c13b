import { expect, test } from 'vitest'
import type { ExplorerEvent } from '../../core/explorer/contract/types.ts'
import { KnownPaths } from './known-paths.ts'

const made = (path: string): ExplorerEvent => ({ type: 'taskChanged', task: { result: { path } } }) as ExplorerEvent

test('the file manager is only asked to show open stores and results of jobs', () => {
  const open = ['/data/a.npk']
  const known = new KnownPaths(() => open)
  known.onEvent(made('/backups/a.npkg'))
  known.onEvent({ type: 'taskChanged', task: { result: null } } as ExplorerEvent)
  known.check('/data/a.npk')
  known.check('/backups/a.npkg')
  const refused = ['\\\\host\\share', '//host/share', '\\\\?\\UNC\\host\\share', '/etc', '/data', '/data/a.npk/..', '']
  for (const path of refused)
    expect(() => known.check(path), path).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  open.pop()
  expect(() => known.check('/data/a.npk')).toThrow('Only open stores, open packages')
})

test('the number of remembered job results is bounded', () => {
  const known = new KnownPaths(() => [])
  for (let i = 0; i <= 1000; i++) known.onEvent(made(`/backups/${i}.npkg`))
  known.check('/backups/1000.npkg')
  known.check('/backups/1.npkg')
  expect(() => known.check('/backups/0.npkg')).toThrow('Only open stores')
})
