import type { EChartsOption } from 'echarts'
import { type EChartsType, init } from './chart-library.ts'
import { canvasToPng } from '../../../ui/canvas-png.ts'

const SAVED_SCALE = 2

interface ChartEvents {
  zoomed: (range: readonly [number, number]) => void
  picked: (x: number, y: number) => void
}

interface Zoom {
  id: string
  start: number
  end: number
}

const ALL = { start: 0, end: 100 }

/** Returns [start, end] percent after zooming around the middle by a factor and moving by a share of the range. */
function zoomed({ start, end }: Omit<Zoom, 'id'>, factor: number, move: number): Omit<Zoom, 'id'> {
  const span = Math.min(100, Math.max(1e-7, (end - start) / factor))
  const middle = (start + end) / 2 + move * span
  const from = Math.min(Math.max(0, middle - span / 2), 100 - span)
  return { start: from, end: from + span }
}

/** A chart of the library, with the window's zoom and export. */
export class ChartView {
  readonly #chart: EChartsType
  #series = ''

  constructor(chart: EChartsType, events: ChartEvents) {
    this.#chart = chart
    chart.on('datazoom', () => events.zoomed(this.#range()))
    chart.getZr().on('dblclick', ({ offsetX, offsetY }) => {
      if (!chart.containPixel('grid', [offsetX, offsetY])) return
      const [x, y] = chart.convertFromPixel('grid', [offsetX, offsetY]) as [number, number]
      events.picked(x, y)
    })
  }

  show(option: EChartsOption): void {
    const zooms = this.#zooms()
    const series = JSON.stringify([option.series].flat().map(one => one?.id))
    // The open tooltip would otherwise ask removed series for their values.
    if (series !== this.#series) this.#chart.dispatchAction({ type: 'hideTip' })
    this.#series = series
    this.#chart.setOption(option, { replaceMerge: ['series', 'xAxis', 'yAxis', 'dataZoom'] })
    for (const zoom of zooms) this.#setZoom(zoom)
  }

  resize(): void {
    this.#chart.resize()
  }

  dispose(): void {
    this.#chart.dispose()
  }

  zoom(factor: number): void {
    for (const zoom of this.#zooms()) this.#setZoom({ id: zoom.id, ...zoomed(zoom, factor, 0) })
  }

  pan(right: number, down: number): void {
    for (const zoom of this.#zooms())
      this.#setZoom({ id: zoom.id, ...zoomed(zoom, 1, zoom.id === 'x' ? right : -down) })
  }

  reset(): void {
    for (const { id } of this.#zooms()) this.#setZoom({ id, ...ALL })
  }

  toPng(background: string): Promise<Blob> {
    return canvasToPng(this.#chart.renderToCanvas({ pixelRatio: SAVED_SCALE, backgroundColor: background }))
  }

  toSvg(option: EChartsOption, background: string): Blob {
    const size = { width: this.#chart.getWidth(), height: this.#chart.getHeight() }
    const drawn = init(null, null, { renderer: 'svg', ssr: true, ...size })
    try {
      drawn.setOption({ ...option, backgroundColor: background })
      for (const { id, start, end } of this.#zooms())
        drawn.dispatchAction({ type: 'dataZoom', dataZoomId: id, start, end })
      return new Blob([drawn.renderToSVGString()], { type: 'image/svg+xml' })
    } finally {
      drawn.dispose()
    }
  }

  #zooms(): Zoom[] {
    const option = this.#chart.getOption() as { dataZoom?: { id: string; start: number; end: number }[] } | undefined
    return (option?.dataZoom ?? []).map(({ id, start, end }) => ({ id, start, end }))
  }

  #setZoom({ id, start, end }: Zoom): void {
    this.#chart.dispatchAction({ type: 'dataZoom', dataZoomId: id, start, end })
  }

  #range(): readonly [number, number] {
    const option = this.#chart.getOption() as { dataZoom: { startValue: number; endValue: number }[] }
    const { startValue = 0, endValue = 0 } = option.dataZoom[0] ?? {}
    return [startValue, endValue]
  }
}
