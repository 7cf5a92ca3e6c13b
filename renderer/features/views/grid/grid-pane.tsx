import { useCallback, useEffect, useEffectEvent, useMemo } from 'react'
import type { Settings } from '../../../../core/explorer/contract/types.ts'
import { type CopyStatus, Grid, type GridHandle, type GridSource, type Shading } from '../../../grid/index.ts'
import type { App } from '../../../model/app.ts'
import { useApp, usePreferences, useSettings } from '../../../model/hooks.ts'
import { announce } from '../../../model/notices.ts'
import type { ActiveArray } from '../../../model/session.ts'
import { reportFailure } from '../../../model/error-message.ts'
import { type Throttled, throttle } from '../../../ui/throttle.ts'
import styles from './grid-pane.module.css'
import { rememberSoon } from '../../../model/locations.ts'

interface GridPaneProps {
  source: GridSource
  shading: Shading
  label: string
  activeArray: ActiveArray
}

/** In whole pixels; a line of text takes 17. */
const ROW_HEIGHTS: Record<Settings['rowDensity'], number> = { compact: 20, normal: 24, comfortable: 30 }

/** Update interval of the numbers around a scrolling grid; they need not change with every frame. */
const LIVE_EVERY_MS = 60

const statusUpdater = (app: App): Throttled =>
  throttle(() => {
    const grid = app.grid.current
    if (grid) app.gridStatus.setState({ selection: grid.selection(), topRow: grid.topRow() })
  }, LIVE_EVERY_MS)

export function GridPane({ source, shading, label, activeArray }: GridPaneProps) {
  const app = useApp()
  const histograms = usePreferences(({ headerHistograms }) => headerHistograms)
  const rowHeight = useSettings(({ rowDensity }) => ROW_HEIGHTS[rowDensity])
  const updateStatus = useMemo(() => statusUpdater(app), [app])
  const attach = useCallback((grid: GridHandle | null) => app.attachGrid(grid), [app])
  const onMove = useCallback(() => {
    updateStatus()
    rememberSoon(app)
  }, [app, updateStatus])

  const start = useEffectEvent(() => {
    const grid = app.grid.current
    if (!grid) return
    if (activeArray.cursor.row !== activeArray.top)
      grid.goTo(activeArray.cursor.row, activeArray.cursor.column, 'nearest')
    if (document.activeElement === document.body) grid.focus()
    const cursor = grid.selection()?.cursor
    app.gridStatus.setState({ start: cursor ? { topRow: grid.topRow(), cursor } : null })
    onMove()
  })
  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another key makes the grid start again
  useEffect(() => start(), [source.key])
  useEffect(() => updateStatus.cancel, [updateStatus])

  const onCopy = (copy: CopyStatus): void => {
    app.gridStatus.setState({ copy: copy.state === 'reading' ? copy : null })
    if (copy.state === 'reading') return
    announce(app, copy.state === 'done' ? 'info' : 'error', copy.message, { topic: 'copy' })
  }

  return (
    <div className={styles['grid']}>
      <Grid
        ref={attach}
        source={source}
        shading={shading}
        label={label}
        rowHeight={rowHeight}
        histograms={histograms}
        initialPlace={{ row: activeArray.top, column: activeArray.cursor.column }}
        onSelectionChange={onMove}
        onTopRowChange={onMove}
        onColumnResize={() => rememberSoon(app)}
        onRead={read => app.gridStatus.setState({ read })}
        onError={error => reportFailure(app, error)}
        onCopy={onCopy}
      />
    </div>
  )
}
