import type { Ref } from 'react'
import { useEffectEvent, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'
import { Copier } from './copier.ts'
import { DeletionMap } from './deletion-map.tsx'
import { listen } from './grid-input.ts'
import { GridView } from './grid-view.ts'
import styles from './grid.module.css'
import { rangeOf, selectionOf } from './selection.ts'
import type { GridHandle, GridProps, GridSource } from './types.ts'

const ROW_HEIGHT = 24
const HEADER_HEIGHT = 28
const BAR_WIDTH = 22
const BAR_HEIGHT = 12

/** As many digits as make the rounding of their width unimportant. */
const DIGITS = '0'.repeat(20)

/**
 * A grid over an array of any size: cells, cursor and selection, scrollbars. React renders its structure; `GridView`
 * draws the cells.
 */
export function Grid(props: GridProps & { ref?: Ref<GridHandle> }) {
  const { source, label, initialPlace, columnWidth, ref } = props
  const rowHeight = props.rowHeight ?? ROW_HEIGHT
  const headerHeight = props.headerHeight ?? HEADER_HEIGHT
  const id = useId()
  const frame = useRef<HTMLDivElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const headers = useRef<HTMLDivElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const digits = useRef<HTMLSpanElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const rows = useRef<HTMLDivElement>(null)
  const cursor = useRef<HTMLDivElement>(null)
  const range = useRef<HTMLDivElement>(null)
  const verticalTrack = useRef<HTMLDivElement>(null)
  const verticalThumb = useRef<HTMLDivElement>(null)
  const horizontalTrack = useRef<HTMLDivElement>(null)
  const horizontalThumb = useRef<HTMLDivElement>(null)
  const view = useRef<GridView>(null)
  const copier = useRef<Copier>(null)
  const [height, setHeight] = useState(0)

  const onSelection = useEffectEvent((selected: GridView['selection']) =>
    props.onSelectionChange?.(selected === null ? null : selectionOf(selected)),
  )
  const onTopRow = useEffectEvent((row: number) => props.onTopRowChange?.(row))
  const onRead = useEffectEvent<NonNullable<GridProps['onRead']>>(report => props.onRead?.(report))
  const onError = useEffectEvent((error: Error) => props.onError?.(error))
  const copy = async (): Promise<void> => {
    const selected = view.current?.selection ?? null
    if (selected !== null) await copier.current?.copy(source, rangeOf(selected), status => props.onCopy?.(status))
  }
  const onCopy = useEffectEvent(copy)
  const start = useEffectEvent((grown: GridView) => grown.setSource(source, initialPlace))
  const firstSource = useEffectEvent(() => source)

  useLayoutEffect(() => {
    const elements = {
      frame: frame.current!,
      grid: grid.current!,
      headers: headers.current!,
      gutter: gutter.current!,
      rows: rows.current!,
      cursor: cursor.current!,
      range: range.current!,
      vertical: { track: verticalTrack.current!, thumb: verticalThumb.current! },
      horizontal: { track: horizontalTrack.current!, thumb: horizontalThumb.current! },
    }
    const metrics = { rowHeight, headerHeight, columnWidth, barWidth: BAR_WIDTH, barHeight: BAR_HEIGHT }
    const drawn = new GridView(elements, metrics, firstSource(), id, { onSelection, onTopRow, onRead, onError })
    const controller = new AbortController()
    view.current = drawn
    copier.current = new Copier()
    listen(
      drawn,
      { frame: frame.current!, grid: grid.current!, body: body.current!, head: head.current! },
      () => void onCopy(),
      controller.signal,
    )
    const resize = (width: number, height: number) => {
      setHeight(Math.max(0, Math.floor(height - headerHeight - BAR_HEIGHT)))
      drawn.resize(width, height)
    }
    const measure = () => drawn.setCharacterWidth(digits.current!.getBoundingClientRect().width / DIGITS.length)
    measure()
    start(drawn)
    resize(frame.current!.clientWidth, frame.current!.clientHeight)
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) resize(entry.contentRect.width, entry.contentRect.height)
    })
    observer.observe(frame.current!)
    document.fonts.addEventListener('loadingdone', measure, { signal: controller.signal })
    return () => {
      controller.abort()
      observer.disconnect()
      copier.current?.cancel()
      drawn.destroy()
      view.current = null
    }
  }, [id, rowHeight, headerHeight, columnWidth])

  const show = useEffectEvent((next: GridSource) => {
    if (view.current === null || view.current.shows(next)) return
    copier.current?.cancel()
    view.current.setSource(next, initialPlace)
  })
  useLayoutEffect(() => show(source), [source])

  useImperativeHandle(ref, () => ({
    focus: () => grid.current?.focus({ preventScroll: true }),
    goTo: (row, column, align = 'start') =>
      view.current?.goTo(row, column ?? view.current.selection?.cursor.column ?? 0, align),
    selection: () => {
      const selected = view.current?.selection ?? null
      return selected === null ? null : selectionOf(selected)
    },
    topRow: () => view.current?.topRow ?? 0,
    rowNumbers: row => view.current?.rowNumbers(row) ?? null,
    scrollToFraction: fraction => {
      view.current?.dragTo(fraction, Infinity)
      view.current?.render()
    },
    fullView: () => view.current?.fullView() ?? { rows: [0, 0], columns: [0, 0] },
    shownText: (row, column) => view.current?.shownText(row, column) ?? null,
    selectAll: () => view.current?.move({ type: 'all' }),
    copy,
    cancelCopy: () => copier.current?.cancel(),
  }))

  return (
    <div ref={frame} className={styles['frame']}>
      <div
        ref={grid}
        id={`${id}-grid`}
        className={styles['grid']}
        role="grid"
        aria-label={label}
        aria-rowcount={source.rows + 1}
        aria-colcount={source.columns + 1}
        aria-multiselectable
        aria-readonly
        tabIndex={0}
      >
        <div role="rowgroup">
          <div role="row" aria-rowindex={1}>
            <div className={styles['corner']} role="columnheader" aria-colindex={1}>
              row {source.deletedRows > 0 && <small>on disk</small>}
            </div>
            <div ref={head} className={styles['head']} role="presentation">
              <div ref={headers} className={styles['slab']} role="presentation" />
            </div>
          </div>
        </div>
        <span ref={digits} className={styles['digits']} aria-hidden="true">
          {DIGITS}
        </span>
        <div className={styles['gutter']} role="presentation">
          <div ref={gutter} className={styles['slab']} style={{ width: '100%' }} role="presentation" />
        </div>
        <div ref={body} className={styles['body']} role="presentation">
          <div ref={rows} className={styles['slab']} role="rowgroup">
            <div ref={range} className={styles['range']} role="presentation" style={{ display: 'none' }} />
            <div ref={cursor} className={styles['cursor']} role="presentation" style={{ display: 'none' }} />
          </div>
        </div>
      </div>
      <div
        ref={verticalTrack}
        className={styles['track']}
        role="scrollbar"
        aria-label="Rows"
        aria-orientation="vertical"
        aria-controls={`${id}-grid`}
        aria-valuemin={0}
        aria-valuemax={0}
        aria-valuenow={0}
        tabIndex={-1}
      >
        <DeletionMap source={source} width={BAR_WIDTH - 1} height={height} />
        <div ref={verticalThumb} className={styles['thumb']} />
      </div>
      <div
        ref={horizontalTrack}
        className={styles['track']}
        role="scrollbar"
        aria-label="Columns"
        aria-orientation="horizontal"
        aria-controls={`${id}-grid`}
        aria-valuemin={0}
        aria-valuemax={0}
        aria-valuenow={0}
        tabIndex={-1}
      >
        <div ref={horizontalThumb} className={styles['thumb']} />
      </div>
    </div>
  )
}
