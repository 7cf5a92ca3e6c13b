import { expect, test } from 'vitest'
import { placeWindow } from './window-placement.ts'

const screen = { x: 0, y: 25, width: 1920, height: 1055 }
const second = { x: 1920, y: 0, width: 1280, height: 1024 }
const at = (x: number, y: number, width: number, height: number, maximized = false) => ({
  bounds: { x, y, width, height },
  maximized,
})

test('the first window is centred and no larger than the display', () => {
  expect(placeWindow(null, [screen])).toEqual(at(240, 103, 1440, 900))
  expect(placeWindow(null, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual(at(0, 0, 1024, 700))
})

test('a window reopens where it was, on any display', () => {
  expect(placeWindow(at(100, 80, 900, 700), [screen])).toEqual(at(100, 80, 900, 700))
  expect(placeWindow(at(2000, 10, 900, 700, true), [screen, second])).toEqual(at(2000, 10, 900, 700, true))
  expect(placeWindow(at(-300, 80, 900, 700), [screen])).toEqual(at(-300, 80, 900, 700))
})

test('a window whose display is gone is centred on the first display', () => {
  expect(placeWindow(at(2000, 10, 900, 700, true), [screen])).toEqual(at(510, 203, 900, 700, true))
})

test('a window whose title bar is out of reach is moved back', () => {
  for (const [x, y] of [
    [100, 2],
    [100, -800],
    [100, 1060],
    [1900, 100],
    [-880, 100],
  ] as const)
    expect(placeWindow(at(x, y, 900, 700), [screen])).toEqual(at(510, 203, 900, 700))
})

test('a window is never smaller than usable and never larger than its display', () => {
  expect(placeWindow(at(100, 80, 10, 10), [screen])).toEqual(at(100, 80, 640, 400))
  expect(placeWindow(at(100, 80, 5000, 4000), [screen])).toEqual(at(100, 80, 1920, 1055))
})
