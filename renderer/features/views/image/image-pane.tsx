import { useMemo, useState } from 'react'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { countRows } from '../../../../core/explorer/contract/row-sets.ts'
import { formatValue, type Value } from '../../../../core/format/values.ts'
import { formatElement, viewOf } from '../../../../core/format/text.ts'
import { goToCell } from '../../../model/go-to-cell.ts'
import { useApp } from '../../../model/hooks.ts'
import type { OpenStore, ActiveArray } from '../../../model/session.ts'
import { useViewState } from '../../../model/use-view-state.ts'
import { formatInteger } from '../../../ui/format.ts'
import { formatNumber, groupDigits } from '../../../ui/number-text.ts'
import { useColours } from '../../../components/colours.ts'
import { partOf } from '../../../model/complex.ts'
import { TaskProgress } from '../../../components/task-progress.tsx'
import pictureStyles from '../../../components/picture.module.css'
import styles from './image.module.css'
import { fixedAxes } from './axes.ts'
import { colourTable } from './colour-maps.ts'
import { paintedPlane } from './draw.ts'
import { ImageBar } from './image-bar.tsx'
import { type ImageChoice, type KeptImage, rangeOf, startOfImage } from './image-choice.ts'
import { ImageSurface } from './image-surface.tsx'
import { paintChannels, paintValues } from './paint.ts'
import { elementOf, fitting, placeOf, type Plane } from './plane.ts'
import { usePlane } from './use-plane.ts'
import type { Steps, Viewport } from './viewport.ts'

/** Most entries read per axis for the whole image: more than most screens have pixels. */
const OVERVIEW = 1024

/** Delay before a changed zoom is read in detail, milliseconds. */
const REST_MS = 90

const overview = (size: number): Steps => {
  const step = Math.max(1, Math.ceil(size / OVERVIEW))
  return { start: 0, count: Math.ceil(size / step), step }
}

interface KeptZoom {
  /** Row set and axes of the picture: the zoom of one means nothing in another. */
  pictureKey: string
  view: Viewport
}

interface ImagePaneProps {
  store: OpenStore
  array: ArrayInfo
  activeArray: ActiveArray
}

export function ImagePane({ store, array, activeArray }: ImagePaneProps) {
  const app = useApp()
  const colours = useColours()
  const shape = useMemo(() => [countRows(array, store.rowSet), ...array.physicalShape.slice(1)], [array, store.rowSet])
  const [{ choice }, change] = useViewState<KeptImage>(store, array, 'image', kept =>
    startOfImage(shape, [activeArray.cursor.row, ...activeArray.index], kept),
  )
  const setChoice = (next: (choice: ImageChoice) => Partial<ImageChoice>): void =>
    change(({ from, choice }) => ({ from, choice: { ...choice, ...next(choice) } }))
  const pictureKey = JSON.stringify([store.rowSet, choice.axes.vertical, choice.axes.horizontal])
  const [zoom, setZoom] = useViewState<KeptZoom | null>(store, array, 'zoom of the image', kept => kept ?? null)
  const [inView, setInView] = useState<{ vertical: Steps; horizontal: Steps } | null>(null)
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null)
  const { axes } = choice
  const picture = useMemo(() => ({ width: shape[axes.horizontal]!, height: shape[axes.vertical]! }), [shape, axes])
  const request = {
    where: { store: store.info.id, array: array.name, generation: array.generation, rowSet: store.rowSet },
    axes,
    index: choice.index.map((at, axis) => Math.min(at, Math.max(0, shape[axis]! - 1))),
    channels: axes.channels === null ? 1 : shape[axes.channels]!,
    part: partOf(array, choice.part),
    picture,
  }
  const dtype = array.dtype ?? 'complex128'
  const whole = fitting({ ...request, vertical: overview(picture.height), horizontal: overview(picture.width) }, dtype)
  const isFine = whole.vertical.step === 1 && whole.horizontal.step === 1
  const part = isFine || inView === null ? null : fitting({ ...request, ...inView }, dtype)
  const { plane: task, cancel, restart } = usePlane(whole, 0)
  const { plane: detailTask } = usePlane(part, REST_MS)
  const [plane, detail] = [task.result, detailTask.result]
  const range = plane === null ? null : rangeOf(choice, plane)
  const table = useMemo(() => colourTable(choice.map), [choice.map])
  const [low, high] = range ?? [0, 1]
  const planes = useMemo(
    () =>
      [plane, detail].flatMap(part => {
        if (part === null) return []
        const pixels =
          part.channels > 1
            ? paintChannels(part.values, part.channels, [low, high])
            : paintValues(part.values, table, [low, high])
        return [paintedPlane(part, pixels)]
      }),
    [plane, detail, table, low, high],
  )
  const rangeText = (value: Value): string =>
    choice.range === 'manual' || plane === null
      ? formatNumber(value)
      : groupDigits(formatValue(plane.dtype, request.part, value))
  const fixed = fixedAxes(axes, shape.length)
  const step = (by: 1 | -1): void => {
    const axis = fixed[0]
    if (axis === undefined) return
    setChoice(choice => {
      const next = Math.max(0, Math.min(shape[axis]! - 1, choice.index[axis]! + by))
      return { index: choice.index.with(axis, next) }
    })
  }
  const pick = (x: number, y: number): void => {
    const shown = planeAt([detail, plane], { x, y })
    const { row, column } = shown ? placeOf(shown, elementOf(shown, x, y)) : { row: y, column: x }
    const at = request.index.with(axes.vertical, row).with(axes.horizontal, column)
    void goToCell(app, { row: at[0]!, column: at.at(-1)!, index: at.slice(1, -1) })
  }
  return (
    <div className={pictureStyles['pane']}>
      <ImageBar array={array} shape={shape} choice={choice} range={range} onChange={part => setChoice(() => part)} />
      <ImageSurface
        name={[array.name, ...fixed.map(axis => request.index[axis])].join(' ')}
        label={`${array.name} as an image, ${formatInteger(picture.height)} × ${formatInteger(picture.width)}`}
        picture={picture}
        zoom={zoom?.pictureKey === pictureKey ? zoom.view : null}
        onZoom={view => setZoom(() => view && { pictureKey, view })}
        planes={planes}
        smooth={choice.smooth}
        colours={colours}
        onView={setInView}
        onPointer={setPointer}
        onPick={pick}
        onStep={fixed.length > 0 ? step : undefined}
      />
      <div className={pictureStyles['note']}>
        <div className={styles['facts']} role="status">
          {range !== null && plane?.channels === 1 && (
            <>
              <span className={styles['mono']}>{rangeText(low)}</span>
              <ColourScale table={table} />
              <span className={styles['mono']}>{rangeText(high)}</span>
            </>
          )}
          {!isFine && <span>{describeSampling(detail ?? plane ?? whole)}</span>}
          <span className={pictureStyles['spacer']} />
          <span className={styles['mono']}>{pointer && formatValueAt([detail, plane], pointer)}</span>
        </div>
        <TaskProgress label="Reading" task={task} onCancel={cancel} onRestart={restart} />
      </div>
    </div>
  )
}

interface Sampling extends Pick<Plane, 'vertical' | 'horizontal'> {
  chosen?: Plane['chosen']
}

/**
 * Describes how the visible elements are sampled: '1 of every 10 rows, 1 of every 4 columns; zoom in for all', 'every
 * element'.
 */
function describeSampling({ vertical, horizontal, chosen }: Sampling): string {
  if (chosen) {
    const block = `${formatInteger(vertical.step)} × ${formatInteger(horizontal.step)}`
    return `each ${block} elements drawn as the one farthest from their mean; zoom in for all`
  }
  const parts = [
    ...(vertical.step > 1 ? [`1 of every ${formatInteger(vertical.step)} rows`] : []),
    ...(horizontal.step > 1 ? [`1 of every ${formatInteger(horizontal.step)} columns`] : []),
  ]
  return parts.length > 0 ? `${parts.join(', ')}; zoom in for all` : 'every element'
}

/** Returns the first plane that has an element for a point of the image. */
const planeAt = (planes: readonly (Plane | null)[], { x, y }: { x: number; y: number }) =>
  planes.find(plane => plane !== null && elementOf(plane, x, y) >= 0)

function formatValueAt(planes: readonly (Plane | null)[], { x, y }: { x: number; y: number }): string {
  const plane = planeAt(planes, { x, y })
  if (!plane) return ''
  const at = elementOf(plane, x, y)
  const { vertical, horizontal, dtype, channels } = plane
  const { row, column } = placeOf(plane, at)
  const data = viewOf(dtype, plane.bytes.buffer, plane.bytes.byteOffset)
  const size = vertical.count * horizontal.count
  const values = Array.from({ length: channels }, (_, channel) => formatElement(dtype, data, channel * size + at))
  return `[${formatInteger(row)}, ${formatInteger(column)}]  ${values.join(' ')}`
}

const ColourScale = ({ table }: { table: Uint8ClampedArray }) => {
  const colour = (i: number): string => `rgb(${table[4 * i]} ${table[4 * i + 1]} ${table[4 * i + 2]})`
  const stops = Array.from({ length: 16 }, (_, i) => colour(Math.round((i * 255) / 15)))
  return (
    <span
      className={styles['scale']}
      style={{ backgroundImage: `linear-gradient(to right, ${stops.join(', ')})` }}
      aria-hidden
    />
  )
}
