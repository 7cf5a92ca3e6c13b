import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { PARTS } from '../../../../core/format/numbers.ts'
import { AxisStepper } from '../../../ui/axis-stepper.tsx'
import { SegmentedControl } from '../../../ui/segmented-control.tsx'
import { useKeysOf } from '../../../model/use-commands.ts'
import { isComplex } from '../../../model/complex.ts'
import { ExportTools } from '../../../components/export-tools.tsx'
import pictureStyles from '../../../components/picture.module.css'
import { capitalize, Select } from '../../../ui/select.tsx'
import { fixedAxes, possibleChannels, withAxis } from './axes.ts'
import { COLOUR_MAPS } from './colour-maps.ts'
import { type ImageChoice, parseValue, type RangeMode } from './image-choice.ts'
import type { ValueRange } from './paint.ts'

const RANGES = ['auto', 'percentile', 'manual'] as const
const RANGE_NAMES: Record<RangeMode, string> = {
  auto: 'Minimum to maximum',
  percentile: '2 % to 98 %',
  manual: 'Manual',
}

const ZOOMS = [
  { value: 'nearest', label: 'Sharp', tooltip: 'Draw elements as sharp rectangles' },
  { value: 'smooth', label: 'Smooth', tooltip: 'Interpolate between elements' },
] as const

const axisText = (axis: string): string => `axis ${axis}`

/** Option beside the colour maps: show an axis as colour channels. */
const CHANNELS = 'channels'

const channelsText = (axis: number, shape: readonly number[]): string =>
  `${shape[axis] === 3 ? 'RGB' : 'RGBA'}, ${axisText(String(axis))}`

interface ImageBarProps {
  array: ArrayInfo
  shape: readonly number[]
  choice: ImageChoice
  range: ValueRange | null
  onChange: (change: Partial<ImageChoice>) => void
}

export function ImageBar({ array, shape, choice, range, onChange }: ImageBarProps) {
  const keysOf = useKeysOf()
  const { axes, index } = choice
  const names = shape.map((_, axis) => String(axis))
  const isColour = axes.channels !== null
  const channels = axes.channels ?? possibleChannels(axes, shape)
  return (
    <div className={pictureStyles['bar']} role="toolbar" aria-label="Image">
      {fixedAxes(axes, shape.length).map(axis => (
        <AxisStepper
          key={axis}
          axis={axis}
          size={shape[axis]!}
          value={Math.min(index[axis]!, shape[axis]! - 1)}
          shortcuts={{ previous: keysOf('previousSlice'), next: keysOf('nextSlice') }}
          onChange={value => onChange({ index: index.with(axis, value) })}
        />
      ))}
      {shape.length > 2 &&
        (['vertical', 'horizontal'] as const).map(role => (
          <Select
            key={role}
            label={role === 'vertical' ? 'Down' : 'Across'}
            options={names}
            text={axisText}
            value={String(axes[role])}
            onChange={axis => onChange({ axes: withAxis(axes, role, Number(axis), shape) })}
          />
        ))}
      {isComplex(array) && (
        <Select label="Part" options={PARTS} value={choice.part} onChange={part => onChange({ part })} />
      )}
      <Select
        label="Colours"
        options={channels === null ? COLOUR_MAPS : [CHANNELS, ...COLOUR_MAPS]}
        text={option => (option === CHANNELS ? channelsText(channels!, shape) : capitalize(option))}
        value={isColour ? CHANNELS : choice.map}
        onChange={option =>
          onChange(
            option === CHANNELS ? { axes: { ...axes, channels } } : { map: option, axes: { ...axes, channels: null } },
          )
        }
      />
      {!isColour && (
        <Select
          label="Range"
          options={RANGES}
          text={mode => RANGE_NAMES[mode]}
          value={choice.range}
          onChange={mode =>
            onChange({
              range: mode,
              ...(range && mode === 'manual' && { manual: [String(range[0]), String(range[1])] }),
            })
          }
        />
      )}
      {!isColour && choice.range === 'manual' && (
        <>
          {[0, 1].map(end => (
            <input
              key={end}
              className={`${pictureStyles['input']} ${pictureStyles['number']}`}
              type="number"
              step="any"
              aria-label={end === 0 ? 'Value of the first colour' : 'Value of the last colour'}
              value={choice.manual[end]}
              onChange={({ target }) => {
                const { value } = target
                if (parseValue(array.dtype ?? 'float64', value) === null) return
                onChange({ manual: end === 0 ? [value, choice.manual[1]] : [choice.manual[0], value] })
              }}
            />
          ))}
        </>
      )}
      <SegmentedControl
        label="Zoom"
        options={ZOOMS}
        value={choice.smooth ? 'smooth' : 'nearest'}
        onChange={zoom => onChange({ smooth: zoom === 'smooth' })}
      />
      <span className={pictureStyles['spacer']} />
      <ExportTools />
    </div>
  )
}
