import { expect, test, vi } from 'vitest'
import { jumpList } from './jump-list.ts'

vi.mock('electron', () => ({ app: {} }))

const PROGRAM = String.raw`C:\Programs\NumPack Explorer.exe`

test('the jump list starts the program with a recent store', () => {
  const path = String.raw`D:\My data & more\a.npk`
  expect(jumpList([{ name: 'a.npk', path }], PROGRAM)).toEqual([
    expect.objectContaining({
      type: 'custom',
      items: [expect.objectContaining({ type: 'task', title: 'a.npk', program: PROGRAM, args: `"${path}"` })],
    }),
  ])
})

test('a backslash at the end of a path does not escape the quote after it', () => {
  const [category] = jumpList([{ name: 'D', path: 'D:\\' }], PROGRAM)
  // CommandLineToArgvW: two backslashes before a quote are one backslash.
  expect(category!.items![0]!.args).toBe(String.raw`"D:\\"`)
})

test('the jump list has at most ten stores, and descriptions that Windows shows', () => {
  const path = `C:\\${'x'.repeat(400)}`
  const [category] = jumpList(
    Array.from({ length: 30 }, () => ({ name: 'x', path })),
    PROGRAM,
  )
  expect(category!.items!.length).toBe(10)
  expect(category!.items![0]!.description!.length).toBeLessThanOrEqual(260)
  expect(category!.items![0]!.args).toBe(`"${path}"`)
})

test('without recent stores the jump list is empty', () => {
  expect(jumpList([], PROGRAM)).toEqual([])
})
