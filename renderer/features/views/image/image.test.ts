import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArrayTask } from '../../../../core/explorer/contract/types.ts'
import { extentOf } from '../../../../core/format/values.ts'
import { FakeHost } from '../../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../../model/test-support/fake-tasks.ts'
import { fixedAxes, guessAxes, possibleChannels, withAxis } from './axes.ts'
import { COLOUR_MAPS, colourTable } from './colour-maps.ts'
import { rangeOf, startOfImage } from './image-choice.ts'
import { symmetricRange, colourRange, paintChannels, paintValues, percentileExtent } from './paint.ts'
import { elementOf, fitting, placeOf, type Plane, planeOf, type PlaneRequest, sampleOf } from './plane.ts'
import { canReadExtremes, readExtremes } from './read-extremes.ts'
import { elementAt, fit, panBy, type Steps, stepsInView, tickStep, zoomAt } from './viewport.ts'

describe('image axes', () => {
  test.each([
    [[40, 16, 16, 3], 1, 2, 3],
    [[32, 24, 4], 0, 1, 2],
    [[60_000, 28, 28], 1, 2, null],
    [[8, 3, 64, 64], 2, 3, 1],
    [[4000, 48], 0, 1, null],
    [[20, 6, 4], 0, 1, 2],
    [[20, 2, 4], 1, 2, null],
  ])('the guessed axes fit the shape: %j', (shape, vertical, horizontal, channels) => {
    expect(guessAxes(shape)).toEqual({ vertical, horizontal, channels })
  })

  test('the remaining axes are fixed, and choosing the other axis swaps the two', () => {
    const shape = [40, 16, 20, 3]
    const axes = guessAxes(shape)
    expect(fixedAxes(axes, 4)).toEqual([0])
    expect(withAxis(axes, 'vertical', 2, shape)).toEqual({ vertical: 2, horizontal: 1, channels: 3 })
    expect(withAxis(axes, 'vertical', 3, shape)).toEqual({ vertical: 3, horizontal: 2, channels: null })
  })

  test('image channels can be shown one by one and stay so when another axis is chosen', () => {
    const shape = [8, 3, 64, 60]
    const axes = { ...guessAxes(shape), channels: null }
    expect(possibleChannels(axes, shape)).toBe(1)
    expect(fixedAxes(axes, 4)).toEqual([0, 1])
    expect(withAxis(axes, 'vertical', 3, shape)).toEqual({ vertical: 3, horizontal: 2, channels: null })
    expect(possibleChannels(guessAxes([60_000, 28, 28]), [60_000, 28, 28])).toBeNull()
  })

  test('an axis of colours that was a side before becomes the channels', () => {
    const shape = [40, 16, 20, 3]
    const sideways = withAxis(guessAxes(shape), 'vertical', 3, shape)
    expect(withAxis(sideways, 'vertical', 1, shape)).toEqual({ vertical: 1, horizontal: 2, channels: 3 })
  })
})

describe('painting', () => {
  test('the least value gets the first colour, the greatest the last, and NaN stays transparent', () => {
    const table = colourTable('viridis')
    const pixels = paintValues(Float64Array.of(-1, 3, NaN, Infinity, -Infinity), table, [-1, 3])
    const colour = (i: number) => [...pixels.subarray(4 * i, 4 * i + 4)]
    expect([colour(0), colour(1), colour(2)]).toEqual([
      [0x44, 0x01, 0x54, 255],
      [0xfd, 0xe7, 0x25, 255],
      [0, 0, 0, 0],
    ])
    expect([colour(3), colour(4)]).toEqual([colour(1), colour(0)])
  })

  test('every colour map runs from end to end, and grey is even', () => {
    for (const map of COLOUR_MAPS) expect(colourTable(map)).toHaveLength(1024)
    const grey = colourTable('grey')
    for (let i = 0; i < 256; i++) expect(grey[4 * i]).toBe(i)
  })

  test('value ranges leave out non-finite values, and percentiles leave out the ends', () => {
    const values = Float64Array.of(NaN, 5, -Infinity, 2, Infinity, 9)
    expect(extentOf(values)).toEqual([2, 9])
    expect(extentOf(Float64Array.of(NaN))).toBeNull()
    expect(
      percentileExtent(
        Float64Array.from({ length: 100 }, (_, i) => i),
        0.02,
      ),
    ).toEqual([2, 97])
    expect(symmetricRange([-1, 3])).toEqual([-3, 3])
  })

  test('colour channels stay separate', () => {
    const planes = Float64Array.of(255, 0, 10, 20, 128, 64)
    expect([...paintChannels(planes, 3, [0, 255])]).toEqual([255, 10, 128, 255, 0, 20, 64, 255])
    expect(colourRange('float32', [0, 0.9])).toEqual([0, 1])
    expect(colourRange('float32', [0, 200])).toEqual([0, 255])
    expect(colourRange('uint16', [0, 9])).toEqual([0, 65_535])
  })

  test('the brightness of channels is that of their dtype or of their values', () => {
    expect(colourRange('bool', [1, 1])).toEqual([0, 1])
    expect(colourRange('uint8', [3, 4])).toEqual([0, 255])
    expect(colourRange('int32', [1, 1])).toEqual([0, 255])
    expect(colourRange('int64', [0n, 200n])).toEqual([0n, 255n])
    expect(colourRange('uint64', [0n, 60_000n])).toEqual([0n, 65_535n])
    expect(colourRange('int8', [-3, 90])).toEqual([-3, 90])
    expect(colourRange('float16', [-1, 1])).toEqual([-1, 1])
    expect(colourRange('uint32', [0, 2 ** 32 - 1])).toEqual([0, 2 ** 32 - 1])
    const huge = [-1.7e308, 1.7e308] as const
    expect(colourRange('float64', huge)).toEqual(huge)
    expect([...paintChannels(Float64Array.of(-1.7e308, 0, 1.7e308), 3, huge)]).toEqual([0, 128, 255, 255])
    const wide = BigInt64Array.of(2n ** 60n, 2n ** 60n + 51n, 2n ** 60n + 255n)
    expect([...paintChannels(wide, 3, [2n ** 60n, 2n ** 60n + 255n])]).toEqual([0, 51, 255, 255])
  })

  test('a pixel with NaN in one of its channels is transparent', () => {
    const planes = Float64Array.of(1, NaN, 0.5, 0.5, Infinity, 0)
    const pixels = paintChannels(planes, 3, [0, 1])
    expect([...pixels.subarray(0, 4)]).toEqual([255, 128, 255, 255])
    expect(pixels[7]).toBe(0)
  })

  test('colours never go back as values grow, for 64-bit integers and at any size of floats', () => {
    const grey = colourTable('grey')
    const ids = BigInt64Array.from({ length: 64 }, (_, i) => 2n ** 60n + BigInt(i))
    const shades = paintValues(ids, grey, [ids[0]!, ids[63]!]).filter((_, i) => i % 4 === 0)
    expect(new Set(shades).size).toBe(64)
    const some = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(some, values => {
        const sorted = Float64Array.from(values).sort()
        const painted = paintValues(sorted, grey, [sorted[0]!, sorted.at(-1)!]).filter((_, i) => i % 4 === 0)
        expect([...painted]).toEqual([...painted].sort((a, b) => a - b))
        const isConstant = sorted[0] === sorted.at(-1)
        expect([painted[0], painted.at(-1)]).toEqual(isConstant ? [128, 128] : [0, 255])
      }),
    )
  })
})

describe('the image viewport', () => {
  const picture = { width: 100, height: 50 }
  const surface = { width: 400, height: 400 }

  test('an image starts centred and fully visible', () => {
    const view = fit(picture, surface, true)
    expect(view).toEqual({ left: 0, top: -25, scaleX: 4, scaleY: 4 })
    expect(elementAt(view, 399, 399, picture)).toBeNull()
    expect(elementAt(view, 399, 299, picture)).toEqual({ x: 99, y: 49 })
    expect(fit(picture, surface, false)).toMatchObject({ scaleX: 4, scaleY: 8 })
  })

  test('zooming keeps the element under the pointer, and zooming out ends with the whole image', () => {
    const place = fc.double({ min: 0, max: 400, noNaN: true })
    fc.assert(
      fc.property(place, place, fc.double({ min: 1.1, max: 20, noNaN: true }), (x, y, factor) => {
        const whole = fit(picture, surface, false)
        const before = elementAt(whole, x, y, picture)
        const near = zoomAt(whole, factor, [x, y], picture, surface, false)
        const after = elementAt(near, x, y, picture)
        const moved = before && after ? [before.x - after.x, before.y - after.y] : [0, 0]
        expect(Math.max(...moved.map(Math.abs))).toBeLessThanOrEqual(1)
        const back = zoomAt(near, 1e-9, [x, y], picture, surface, false)
        expect(back.scaleX).toBeCloseTo(whole.scaleX)
        expect(back.left).toBeCloseTo(whole.left)
      }),
    )
  })

  test('the viewport stays inside the image', () => {
    const near = zoomAt(fit(picture, surface, false), 4, [0, 0], picture, surface, false)
    expect(panBy(near, 1e6, 1e6, picture, surface)).toMatchObject({ left: 0, top: 0 })
    expect(panBy(near, -1e6, -1e6, picture, surface)).toMatchObject({ left: 75, top: 37.5 })
  })

  test('the visible part is read with at most one element per pixel', () => {
    expect(stepsInView(0, 4, 400, 100)).toEqual({ start: 0, count: 100, step: 1 })
    expect(stepsInView(0, 0.01, 400, 40_000)).toEqual({ start: 0, count: 400, step: 100 })
    expect(stepsInView(12_345, 0.1, 400, 40_000)).toEqual({ start: 12_340, count: 401, step: 10 })
    expect(tickStep(4, 40)).toBe(10)
    expect(tickStep(0.01, 40)).toBe(5000)
  })
})

const at = ([n, y, x, c]: number[]): number => 1000 * n! + 100 * y! + 10 * x! + c!

/** The elements of a sample, of an array whose elements are `at` their indices. */
const elementsOf = (axes: ReturnType<typeof sampleOf>['params']['axes']): ArrayBuffer => {
  const lists = axes.map(({ start, count, step }) => Array.from({ length: count }, (_, i) => start + i * step))
  const all = lists.reduce<number[][]>((heads, list) => heads.flatMap(head => list.map(i => [...head, i])), [[]])
  return Int32Array.from(all, at).buffer
}

const read = (request: PlaneRequest): Plane => planeOf(request, 'int32', elementsOf(sampleOf(request).params.axes))

describe('an image', () => {
  const request = {
    where: { store: 1, array: 'pictures', generation: 1, rowSet: 'active' as const },
    axes: { vertical: 1, horizontal: 2, channels: 3 as number | null },
    index: [7, 0, 0, 0],
    vertical: { start: 0, count: 3, step: 2 },
    horizontal: { start: 1, count: 4, step: 1 },
    channels: 3,
    part: 'real' as const,
    picture: { width: 10, height: 10 },
  }

  test('an image finds the element of every pixel, channel by channel', () => {
    const plane = read(request)
    const element = elementOf(plane, 3, 5)
    expect([0, 1, 2].map(channel => plane.values[channel * 12 + element])).toEqual([7430, 7431, 7432])
    expect(elementOf(plane, 0, 0)).toBe(-1)
  })

  test('an image on its side finds the element of every pixel', () => {
    const { vertical, horizontal, axes } = request
    const sides = { vertical: horizontal, horizontal: vertical }
    const turned = read({ ...request, ...sides, axes: { ...axes, vertical: 2, horizontal: 1 } })
    expect(turned.values[elementOf(turned, 5, 3)]).toBe(7430)
    const grey = { ...request, ...sides, axes: { vertical: 2, horizontal: 1, channels: null }, channels: 1 }
    const plane = read(grey)
    expect(plane.values[elementOf(plane, 5, 3)]).toBe(7430)
  })

  test('an image of more elements than one task reads is read in coarser steps', () => {
    const sides = { vertical: { start: 4, count: 6000, step: 2 }, horizontal: { start: 0, count: 4000, step: 1 } }
    expect(fitting({ ...request, ...sides }, 'uint8')).toMatchObject({
      vertical: { start: 4, count: 3000, step: 4 },
      horizontal: { count: 4000, step: 1 },
    })
    expect(fitting(request, 'uint8')).toBe(request)
  })
})

describe('an overview of a large image', () => {
  const HEIGHT = 1001
  const WIDTH = 1103
  const request = {
    where: { store: 1, array: 'sky', generation: 1, rowSet: 'active' as const },
    axes: { vertical: 0, horizontal: 1, channels: null },
    index: [0, 0],
    vertical: { start: 0, count: 334, step: 3 },
    horizontal: { start: 0, count: 276, step: 4 },
    picture: { width: WIDTH, height: HEIGHT },
    channels: 1,
    part: 'real' as const,
  }
  /** Reads an array that is 100 everywhere but at some elements. */
  const readOverview = (others: Record<number, number>): Promise<Plane> => {
    const host = new FakeHost()
    const tasks = new FakeTasks(host, () => {
      const { axes } = (tasks.list.at(-1) as Extract<ArrayTask, { kind: 'sample' }>).params
      const [rows, columns] = axes as [Steps, Steps]
      const elements = Uint8Array.from({ length: rows.count * columns.count }, (_, i) => {
        const row = rows.start + Math.floor(i / columns.count) * rows.step
        return others[row * WIDTH + columns.start + (i % columns.count) * columns.step] ?? 100
      })
      tasks.finish({ reading: { dtype: 'uint8', done: elements.length }, bytes: elements.buffer })
    })
    const sample = planeOf(request, 'uint8', new Uint8Array(334 * 276).fill(100).buffer)
    return readExtremes(host, { plane: sample, request }, new AbortController().signal)
  }

  test('keeps every single bright or dark element, at its place', async () => {
    expect(canReadExtremes(request)).toBe(true)
    const [bright, dark] = [500 * WIDTH + 701, 1000 * WIDTH + 1102]
    const plane = await readOverview({ [bright]: 255, [dark]: 0 })
    expect(plane.extent).toEqual([0, 255])
    const brightAt = elementOf(plane, 701, 500)
    const darkAt = elementOf(plane, 1102, 1000)
    expect([plane.values[brightAt], plane.bytes[brightAt], plane.values[darkAt]]).toEqual([255, 255, 0])
    expect(placeOf(plane, brightAt)).toEqual({ row: 500, column: 701 })
    expect(placeOf(plane, darkAt)).toEqual({ row: 1000, column: 1102 })
    expect([...plane.values].filter(value => value !== 100)).toHaveLength(2)
  })

  test('takes its percentiles from evenly spaced elements, not from its extremes', async () => {
    const peaks: Record<number, number> = {}
    for (let row = 1; row < HEIGHT; row += 3) for (let at = 1; at < WIDTH; at += 4) peaks[row * WIDTH + at] = 255
    const plane = await readOverview(peaks)
    expect(plane.extent).toEqual([100, 255])
    expect(plane.values[0]).toBe(255)
    const { choice } = startOfImage([HEIGHT, WIDTH], [0], undefined)
    expect(rangeOf({ ...choice, range: 'percentile' }, plane)).toEqual([100, 100])
    expect(rangeOf({ ...choice, range: 'auto' }, plane)).toEqual([100, 255])
  })

  test('is not read where it has colours, each element has its own pixel, or there are too many', () => {
    const one = { start: 0, count: 5, step: 1 }
    expect(canReadExtremes({ ...request, channels: 3 })).toBe(false)
    expect(canReadExtremes({ ...request, vertical: one, horizontal: one })).toBe(false)
    const long = { start: 0, count: 1000, step: 100_000 }
    expect(canReadExtremes({ ...request, vertical: long, picture: { width: WIDTH, height: 1e8 } })).toBe(false)
  })
})
