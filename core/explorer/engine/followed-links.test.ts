import { expect, test } from 'vitest'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { FollowedLinks } from './followed-links.ts'

test('the links of a store are followed from the moment they are allowed until they are forbidden', () => {
  const recents = new MemoryRecents()
  const links = new FollowedLinks(recents)
  expect(links.has('/a')).toBe(false)
  links.set('/a', true)
  links.set('/b', true)
  links.set('/a', true)
  expect(['/a', '/b', '/c'].map(path => new FollowedLinks(recents).has(path))).toEqual([true, true, false])
  links.set('/a', false)
  expect(['/a', '/b'].map(path => links.has(path))).toEqual([false, true])
})

test('when the list is too long for a preference, the stores that were allowed first are dropped', () => {
  const links = new FollowedLinks(new MemoryRecents())
  const paths = Array.from({ length: 6 }, (_, i) => `/${i}${'x'.repeat(4000)}`)
  for (const path of paths) links.set(path, true)
  expect(paths.map(path => links.has(path))).toEqual([false, false, true, true, true, true])
})

test('a preference of another form allows nothing', () => {
  const recents = new MemoryRecents([], { followedLinks: { '/a': true } })
  expect(new FollowedLinks(recents).has('/a')).toBe(false)
})
