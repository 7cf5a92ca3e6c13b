import type { EChartsOption } from 'echarts'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef } from 'react'
import { useViewState } from '../../../model/use-view-state.ts'
import { useApp } from '../../../model/hooks.ts'
import type { ExportTarget } from '../../../model/export-target.ts'
import { init } from './chart-library.ts'
import { ChartView, type ChosenZoom } from './chart-view.ts'
import type { PlotProps } from './plot-pane.tsx'
import styles from './plot.module.css'

interface ChartProps extends Pick<PlotProps, 'store' | 'array' | 'choice'> {
  name: string
  label: string
  option: EChartsOption
  background: string
  /** A new key resets the zoom. */
  zoomKey: string
  /** While these units of the axes stay the same, the zoom keeps its values; else its shares of the axes. */
  zoomUnits: string | null
  onZoom?: (range: readonly [number, number]) => void
  /** Called on a double click, in units of the axes. */
  onPick?: (x: number, y: number) => void
}

const STEP = 0.25
const ZOOM = 1.5

export function Chart(props: ChartProps) {
  const { store, array, choice, name, label, option, background, zoomKey, zoomUnits, onZoom, onPick } = props
  const [zoom, setZoom] = useViewState<ChosenZoom | null>(
    store,
    array,
    `zoom of the ${choice.kind}`,
    kept => kept ?? null,
  )
  const app = useApp()
  const frame = useRef<HTMLDivElement>(null)
  const view = useRef<ChartView>(null)
  const zoomed = useEffectEvent((range: readonly [number, number]) => onZoom?.(range))
  const kept = useEffectEvent(() => zoom)
  const chosen = useEffectEvent((zoom: ChosenZoom) => setZoom(() => zoom))
  const picked = useEffectEvent((x: number, y: number) => onPick?.(x, y))
  const picture = useEffectEvent(
    (): Omit<ExportTarget, 'zoom' | 'pan' | 'reset'> => ({
      name,
      toPng: () => view.current!.toPng(option, background),
      toSvg: async () => view.current!.toSvg(option, background),
    }),
  )

  useEffect(() => {
    const chart = new ChartView(init(frame.current, null, { renderer: 'canvas' }), { zoomed, chosen, picked }, kept())
    view.current = chart
    app.attachExportTarget({
      get name() {
        return picture().name
      },
      zoom: factor => chart.zoom(factor),
      pan: (right, down) => chart.pan(right, down),
      reset: () => chart.reset(),
      toPng: () => picture().toPng(),
      toSvg: () => picture().toSvg(),
    })
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(frame.current!)
    return () => {
      observer.disconnect()
      chart.dispose()
      view.current = null
      app.attachExportTarget(null)
    }
  }, [app])
  useEffect(() => view.current?.show(option, zoomUnits, zoomKey), [option, zoomUnits, zoomKey])

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (key === 'ArrowLeft') view.current?.pan(-STEP, 0)
    else if (key === 'ArrowRight') view.current?.pan(STEP, 0)
    else if (key === 'ArrowUp') view.current?.zoom(ZOOM)
    else if (key === 'ArrowDown') view.current?.zoom(1 / ZOOM)
    else return
    event.preventDefault()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex -- a picture that keys move
    <div ref={frame} className={styles['chart']} role="img" aria-label={label} tabIndex={0} onKeyDown={onKeyDown} />
  )
}
