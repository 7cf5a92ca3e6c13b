import { expect, test, vi } from 'vitest'
import { insist, Patience } from './insist.ts'

vi.mock('./sleep.ts', () => ({ sleep: () => {} }))

const failing = (code: string, times = Infinity) => {
  let left = times
  return vi.fn<() => string>(() => {
    if (left-- > 0) throw Object.assign(new Error(code), { code })
    return 'done'
  })
}

test('what another program refuses for a moment is done when it lets go', () => {
  expect(insist(failing('EBUSY', 5))).toBe('done')
})

test('an error that waiting does not change is given at once', () => {
  const work = failing('EIO')
  expect(() => insist(work)).toThrow('EIO')
  expect(work).toHaveBeenCalledOnce()
})

test('calls that share their patience wait once, however many files are in use', () => {
  const patience = new Patience()
  expect(() => insist(failing('EBUSY'), patience)).toThrow('EBUSY')
  const next = failing('EBUSY')
  expect(() => insist(next, patience)).toThrow('EBUSY')
  expect(next).toHaveBeenCalledOnce()
})

test('patience comes back after its time', () => {
  using clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  const patience = new Patience(5000)
  expect(() => insist(failing('EBUSY'), patience)).toThrow('EBUSY')
  clock.mockReturnValue(5000)
  expect(insist(failing('EBUSY', 1), patience)).toBe('done')
})
