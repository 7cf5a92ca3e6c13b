import type { TypedArray } from '../../../core/format/dtype.ts'
import type { GridSource, GridWindow, Span } from '../grid-types.ts'

const COLUMNS = 100

/** Computes an element: the same float32 as in the benchmark's server, its measuring script and the other grids. */
function value(row: number, column: number): number {
  const high = Math.floor(row / 4294967296) | 0
  let h = Math.imul((row | 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) ^ Math.imul(column + 1, 0xc2b2ae35)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  h ^= h >>> 12
  h = Math.imul(h, 0x297a2d39)
  h ^= h >>> 15
  return Math.fround((h / 2147483648) * 1000)
}

export interface Net {
  bytes: number
  requests: number
}

function computed(rows: Span, columns: Span): TypedArray {
  const data = new Float32Array((rows[1] - rows[0]) * (columns[1] - columns[0]))
  let at = 0
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) data[at++] = value(row, column)
  }
  return data
}

export interface BenchSourceOptions {
  mode: string
  rows: number
  lat: number
}

/** Creates the benchmark's grid source: computed in the page (`cached`) or fetched from its server (`remote`). */
export function benchSource({ mode, rows, lat }: BenchSourceOptions, net: Net): GridSource {
  const fetched = async (span: Span, signal: AbortSignal): Promise<GridWindow> => {
    const query = new URLSearchParams({
      n: String(rows),
      row: String(span[0]),
      count: String(span[1] - span[0]),
      lat: String(lat),
    })
    const response = await fetch(`/rows?${query.toString()}`, { signal })
    const bytes = await response.arrayBuffer()
    net.bytes += bytes.byteLength
    net.requests += 1
    // The server serves whole rows only.
    return { rows: span, columns: [0, COLUMNS], data: new Float32Array(bytes), rowNumbers: null, generation: 0 }
  }
  return {
    key: `${mode} ${rows}`,
    layoutKey: 'bench',
    generation: 0,
    dtype: 'float32',
    rows,
    columns: COLUMNS,
    rowSet: { numbering: 'logical', hasActive: true },
    physicalRows: rows,
    deletedRows: 0,
    read(span, columns, signal) {
      return mode === 'cached'
        ? { rows: span, columns, data: computed(span, columns), rowNumbers: null, generation: 0 }
        : fetched(span, signal)
    },
    deletionMap: async buckets => Array.from({ length: buckets }, () => 0),
    cellKind: () => 'number',
    shadedNumber: (data, at) => data[at] as number,
    cellText: (data, at) => (data[at] as number).toPrecision(7),
    copyText: (data, at) => (data[at] as number).toPrecision(7),
  }
}
