import type { Ref } from 'react'
import { useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'
import { DeletionMap } from './deletion-map.tsx'
import { createHandle, DIGITS, GridController } from './grid-controller.ts'
import styles from './grid.module.css'
import type { GridPlace } from './grid-parts.ts'
import type { GridHandle, GridProps } from './grid-types.ts'

const ROW_HEIGHT = 24
const HEADER_HEIGHT = 28
const HISTOGRAM_HEIGHT = 20
const BAR_WIDTH = 22
const BAR_HEIGHT = 12

/** Grid over an array of any size. React renders its structure, `GridView` the cells. */
export function Grid(props: GridProps & { ref?: Ref<GridHandle> }) {
  const { source, label, columnWidth, rowHeight = ROW_HEIGHT, histograms = false, ref } = props
  const { headerHeight = HEADER_HEIGHT + (histograms ? HISTOGRAM_HEIGHT : 0) } = props
  const id = useId()
  const frame = useRef<HTMLDivElement>(null)
  const controller = useRef<GridController>(null)
  const latest = useRef<GridProps>(props)
  /** What the last controller showed, for one with other measures. */
  const left = useRef<{ key: string; place: GridPlace }>(null)
  const [trackHeight, setTrackHeight] = useState(0)

  useLayoutEffect(() => {
    latest.current = props
    controller.current?.update(props)
  })
  useLayoutEffect(() => {
    const metrics = { rowHeight, headerHeight, columnWidth, histograms, barWidth: BAR_WIDTH, barHeight: BAR_HEIGHT }
    const place = left.current?.key === latest.current.source.key ? left.current.place : null
    const mounted = new GridController(frame.current!, id, metrics, latest.current, place, (_, height) =>
      setTrackHeight(Math.max(0, Math.floor(height - headerHeight - BAR_HEIGHT))),
    )
    controller.current = mounted
    return () => {
      left.current = { key: latest.current.source.key, place: mounted.view.place }
      mounted.destroy()
      controller.current = null
    }
  }, [id, rowHeight, headerHeight, columnWidth, histograms])
  useImperativeHandle(ref, () => createHandle(() => controller.current), [])

  return (
    <div ref={frame} className={styles['frame']}>
      <div
        data-part="grid"
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
            <div data-part="head" className={styles['head']} role="presentation">
              <div data-part="headers" className={styles['slab']} role="presentation" />
            </div>
          </div>
        </div>
        <span data-part="digits" className={styles['digits']} aria-hidden="true">
          {DIGITS}
        </span>
        <div className={styles['gutterView']} role="presentation" aria-hidden>
          <div data-part="gutter" className={styles['slab']} style={{ width: '100%' }} role="presentation" />
        </div>
        <div data-part="body" className={styles['body']} role="presentation">
          <div data-part="rows" className={styles['slab']} role="rowgroup">
            <div data-part="range" className={styles['range']} role="presentation" style={{ display: 'none' }} />
            <div data-part="cursor" className={styles['cursor']} role="presentation" style={{ display: 'none' }} />
          </div>
        </div>
      </div>
      <div
        data-part="vertical"
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
        <DeletionMap source={source} width={BAR_WIDTH - 1} height={trackHeight} />
        <div data-part="vertical-thumb" className={styles['thumb']} />
      </div>
      <div
        data-part="horizontal"
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
        <div data-part="horizontal-thumb" className={styles['thumb']} />
      </div>
    </div>
  )
}
