import { createRoot } from 'react-dom/client'
import '@fontsource-variable/jetbrains-mono'
import '../../theme/tokens.css'
import { Grid } from '../grid.tsx'
import type { GridHandle, GridSource } from '../grid-types.ts'
import type { BenchSourceOptions } from './source.ts'
import { benchSource } from './source.ts'

interface GridBench {
  ready: Promise<void>
  visibleRange(): { r0: number; r1: number; c0: number; c1: number } | null
  cellText(row: number, column: number): string | null
  blankCells(range: { r0: number; r1: number; c0: number; c1: number }): number
  net(): { bytes: number; requests: number }
  jumpTo(row: number, column?: number): void
  setSource(options: { mode: string; rows: number }): void
  scroller(): null
  dragTo(fraction: number): void
}

declare global {
  interface Window {
    bench: GridBench
  }
}

const query = new URLSearchParams(location.search)
const options: BenchSourceOptions = {
  mode: query.get('mode') ?? 'cached',
  rows: Number(query.get('n') ?? 1e6),
  lat: Number(query.get('lat') ?? 0),
}
const net = { bytes: 0, requests: 0 }
let handle: GridHandle | null = null
const { promise: ready, resolve: mounted } = Promise.withResolvers<void>()
const root = createRoot(document.querySelector('#root')!)

function attach(next: GridHandle | null) {
  handle = next
  mounted()
}

function show(source: GridSource) {
  root.render(<Grid ref={attach} source={source} label="Benchmark" rowHeight={33} headerHeight={33} columnWidth={81} />)
}

window.bench = {
  ready,
  visibleRange() {
    const range = handle?.fullView() ?? null
    if (range === null) return null
    return { r0: range.rows[0], r1: range.rows[1], c0: range.columns[0], c1: range.columns[1] }
  },
  cellText: (row, column) => handle?.shownText(row, column) ?? null,
  blankCells({ r0, r1, c0, c1 }) {
    let blank = 0
    for (let row = r0; row < r1; row++) {
      for (let column = c0; column < c1; column++) if (handle?.shownText(row, column) === '') blank++
    }
    return blank
  },
  net: () => net,
  jumpTo: (row, column = 0) => handle?.goTo(row, column),
  setSource: next => show(benchSource({ ...options, ...next }, net)),
  scroller: () => null,
  dragTo: fraction => handle?.scrollToFraction(fraction),
}

show(benchSource(options, net))
