import type { EChartsOption } from 'echarts'
import { type EChartsType, init } from './chart-library.ts'
import { canvasToPng } from '../../../ui/canvas-png.ts'

const SAVED_SCALE = 2

interface ChartEvents {
  /** Another range is in view. */
  zoomed: (range: readonly [number, number]) => void
  /** The user has zoomed or moved. */
  chosen: (zoom: ChosenZoom) => void
  picked: (x: number, y: number) => void
}

interface Zoom {
  id: string
  start: number
  end: number
}

interface ShownZoom extends Zoom {
  startValue: number
  endValue: number
}

/** What the user zoomed to in the picture of this key: shares of the axes, and their values in these units. */
export interface ChosenZoom {
  key: string
  units: string | null
  axes: readonly ShownZoom[]
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
  #units: string | null = null
  #key = ''
  #zoom: ChosenZoom | null
  /** Whether the zoom is being set by the program. */
  #isSetting = false

  /** `zoom`: what the user chose before, if anything. */
  constructor(chart: EChartsType, events: ChartEvents, zoom: ChosenZoom | null) {
    this.#chart = chart
    this.#zoom = zoom
    chart.on('datazoom', () => {
      events.zoomed(this.#range())
      if (this.#isSetting) return
      this.#zoom = { key: this.#key, units: this.#units, axes: this.#zooms() }
      events.chosen(this.#zoom)
    })
    chart.getZr().on('dblclick', ({ offsetX, offsetY }) => {
      if (!chart.containPixel('grid', [offsetX, offsetY])) return
      const [x, y] = chart.convertFromPixel('grid', [offsetX, offsetY]) as [number, number]
      events.picked(x, y)
    })
  }

  /**
   * Shows data as the user zoomed the picture of this key: the values chosen while the `units` of the axes are the
   * same, else their share.
   */
  show(option: EChartsOption, units: string | null, key: string): void {
    this.#key = key
    const zoom = this.#zoom?.key === key ? this.#zoom : null
    const byValue = units !== null && units === zoom?.units
    this.#units = units
    const series = JSON.stringify([option.series].flat().map(one => one?.id))
    // The open tooltip would otherwise ask removed series for their values.
    if (series !== this.#series) this.#chart.dispatchAction({ type: 'hideTip' })
    this.#series = series
    this.#chart.setOption(option, { replaceMerge: ['series', 'xAxis', 'yAxis', 'dataZoom'] })
    this.#isSetting = true
    for (const { id } of this.#zooms()) {
      const chosen = zoom?.axes.find(axis => axis.id === id)
      // A whole axis stays whole when it grows.
      if (chosen && byValue && (chosen.start > ALL.start || chosen.end < ALL.end)) {
        const { startValue, endValue } = chosen
        this.#chart.dispatchAction({ type: 'dataZoom', dataZoomId: id, startValue, endValue })
      } else this.#setZoom({ id, start: chosen?.start ?? ALL.start, end: chosen?.end ?? ALL.end })
    }
    this.#isSetting = false
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

  toPng(option: EChartsOption, background: string): Promise<Blob> {
    const frame = document.createElement('div')
    return this.#draw(init(frame, null, { renderer: 'canvas', ...this.#size() }), option, background, drawn =>
      canvasToPng(drawn.renderToCanvas({ pixelRatio: SAVED_SCALE, backgroundColor: background })),
    )
  }

  toSvg(option: EChartsOption, background: string): Blob {
    return this.#draw(
      init(null, null, { renderer: 'svg', ssr: true, ...this.#size() }),
      option,
      background,
      drawn => new Blob([drawn.renderToSVGString()], { type: 'image/svg+xml' }),
    )
  }

  #size(): { width: number; height: number } {
    return { width: this.#chart.getWidth(), height: this.#chart.getHeight() }
  }

  /** Draws the picture anew, without what follows the pointer. */
  #draw<R>(drawn: EChartsType, option: EChartsOption, background: string, save: (drawn: EChartsType) => R): R {
    try {
      drawn.setOption({ ...option, backgroundColor: background })
      for (const { id, start, end } of this.#zooms())
        drawn.dispatchAction({ type: 'dataZoom', dataZoomId: id, start, end })
      return save(drawn)
    } finally {
      drawn.dispose()
    }
  }

  #zooms(): ShownZoom[] {
    const option = this.#chart.getOption() as { dataZoom?: ShownZoom[] } | undefined
    return (option?.dataZoom ?? []).map(({ id, start, end, startValue, endValue }) => ({
      id,
      start,
      end,
      startValue,
      endValue,
    }))
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
