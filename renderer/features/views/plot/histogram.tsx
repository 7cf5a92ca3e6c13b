import { useMemo } from 'react'
import { barsOf, NO_BARS } from '../../../model/statistics/histogram-bars.ts'
import { TaskProgress } from '../../../components/task-progress.tsx'
import { useViewState } from '../../../model/use-view-state.ts'
import { useFiguresMeanwhile, useStatistics, wholeArray } from '../../../model/statistics/use-statistics.ts'
import { pluralize } from '../../../ui/format.ts'
import { Chart } from './chart.tsx'
import { useColours } from '../../../components/colours.ts'
import { histogramOption } from './histogram-option.ts'
import type { PlotProps } from './plot-pane.tsx'
import pictureStyles from '../../../components/picture.module.css'
import { Select } from '../../../ui/select.tsx'

const BINS = ['50', '100', '200', '500'] as const
const SCALES = ['linear', 'log'] as const

interface HistogramChoice {
  bins: (typeof BINS)[number]
  scale: (typeof SCALES)[number]
}

const FIRST_CHOICE: HistogramChoice = { bins: '100', scale: 'linear' }

export function Histogram({ store, array, choice }: PlotProps) {
  const colours = useColours()
  const [{ bins, scale }, change] = useViewState<HistogramChoice>(
    store,
    array,
    'histogram',
    kept => kept ?? FIRST_CHOICE,
  )
  const params = wholeArray(store, array, { bins: Number(bins), scale })
  const { statistics, cancel, restart } = useStatistics(params)
  const { figures } = useFiguresMeanwhile(statistics)
  const real = choice.part === 'phase' ? (figures?.phase ?? figures) : (figures?.magnitude ?? figures)
  const bars = useMemo(() => (real?.histogram ? barsOf(real.dtype, real.histogram) : NO_BARS), [real])
  const option = useMemo(() => histogramOption(bars, colours), [bars, colours])
  return (
    <>
      <Chart
        store={store}
        array={array}
        choice={choice}
        name={`${array.name} histogram`}
        label={`Histogram of ${array.name}`}
        option={option}
        background={colours.bg}
        zoomKey={JSON.stringify({ ...params, store: null, generation: null })}
        zoomUnits={null}
      />
      <div className={pictureStyles['note']}>
        <Select label="Bins" options={BINS} value={bins} onChange={bins => change(choice => ({ ...choice, bins }))} />
        <Select
          label="Axis"
          options={SCALES}
          value={scale}
          onChange={scale => change(choice => ({ ...choice, scale }))}
        />
        {real && (
          <span>
            {pluralize(real.finite, 'finite value')}
            {real.partial && ' so far'}
          </span>
        )}
        <span className={pictureStyles['spacer']} />
        <TaskProgress label="Statistics" task={statistics} onCancel={cancel} onRestart={restart} />
      </div>
    </>
  )
}
