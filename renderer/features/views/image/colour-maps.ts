/** Evenly spaced colours from the least to the greatest value, interpolated between. */
const STOPS = {
  viridis: ['440154', '482878', '3e4989', '31688e', '26828e', '1f9e89', '35b779', '6ece58', 'b5de2b', 'fde725'],
  magma: ['000004', '180f3d', '440f76', '721f81', '9e2f7f', 'cd4071', 'f1605d', 'fd9668', 'feca8d', 'fcfdbf'],
  grey: ['000000', 'ffffff'],
  /** ColorBrewer RdBu, reversed: blue for the least value. */
  diverging: [
    '053061',
    '2166ac',
    '4393c3',
    '92c5de',
    'd1e5f0',
    'f7f7f7',
    'fddbc7',
    'f4a582',
    'd6604d',
    'b2182b',
    '67001f',
  ],
} as const

export type ColourMap = keyof typeof STOPS

export const COLOUR_MAPS = Object.keys(STOPS) as ColourMap[]

/** Entries of a colour table: enough that steps are invisible. */
export const TABLE_SIZE = 256

const channels = (hex: string): number[] => [0, 2, 4].map(at => Number.parseInt(hex.slice(at, at + 2), 16))

export function colourTable(map: ColourMap): Uint8ClampedArray {
  const stops = STOPS[map].map(channels)
  const table = new Uint8ClampedArray(4 * TABLE_SIZE)
  for (let i = 0; i < TABLE_SIZE; i++) {
    const place = (i / (TABLE_SIZE - 1)) * (stops.length - 1)
    const from = Math.min(Math.floor(place), stops.length - 2)
    for (let channel = 0; channel < 3; channel++) {
      const [a, b] = [stops[from]![channel]!, stops[from + 1]![channel]!]
      table[4 * i + channel] = a + (b - a) * (place - from)
    }
    table[4 * i + 3] = 255
  }
  return table
}
