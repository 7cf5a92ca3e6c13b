import { useDeferredValue, useRef } from 'react'
import { Group, type Layout, Panel, Separator } from 'react-resizable-panels'
import { ArraysPanel } from '../features/arrays/arrays-panel.tsx'
import { ArrayPane } from './array/array-pane.tsx'
import { LastBackup } from '../features/packages/last-backup.tsx'
import { SelectionPanel } from '../features/details/selection-panel.tsx'
import { useApp, usePreferences, useSession } from '../model/hooks.ts'
import { useIsNarrow, useShowsPanel } from '../model/panels.ts'
import { setPreference } from '../model/preferences.ts'
import { activeStore, showsPackage } from '../model/session.ts'
import { Drawer } from './drawer.tsx'
import { STORE_PANEL_ID } from './ids.ts'
import styles from './workbench.module.css'

/** Below this width in pixels the side panels start smaller, so that the grid has room for some columns. */
const NARROW = 1200
const ARRAYS = { wide: 264, narrow: 212, min: 160, max: 480 }
const DETAILS = { wide: 300, narrow: 240, min: 190, max: 560 }
const GRID_MIN = 300

/** Sizes of a side panel, whose width in pixels stays the same when the window is resized. */
const sidePanel = ({ wide, narrow, min, max }: typeof ARRAYS, width: number | null) =>
  ({
    defaultSize: width ?? (window.innerWidth < NARROW ? narrow : wide),
    minSize: min,
    maxSize: max,
    groupResizeBehavior: 'preserve-pixel-size',
  }) as const

export function Workbench() {
  const app = useApp()
  const { arraysWidth, detailsWidth } = usePreferences(preferences => preferences)
  const isNarrow = useIsNarrow()
  const showsArrays = useShowsPanel('arrays')
  const showsDetails = useShowsPanel('details')
  const noDetails = useSession(session => showsPackage(activeStore(session))) || !showsDetails
  const path = useSession(({ activePath }) => activePath)
  const group = useRef<HTMLDivElement>(null)
  // Render the details after everything else: rows come first.
  const hasDetails = useDeferredValue(true, false)

  const arrays = (
    <ArraysPanel key={path}>
      <LastBackup />
    </ArraysPanel>
  )

  const remember = ({ arrays, details }: Layout): void => {
    const pixelsPerPercent = (group.current?.clientWidth ?? 0) / 100
    if (arrays !== undefined) setPreference(app, 'arraysWidth', Math.round(arrays * pixelsPerPercent))
    if (details !== undefined) setPreference(app, 'detailsWidth', Math.round(details * pixelsPerPercent))
  }

  return (
    <>
      <Group
        id={STORE_PANEL_ID}
        elementRef={group}
        className={styles['group']}
        role="tabpanel"
        aria-label="Store"
        onLayoutChanged={(layout, { isUserInteraction }) => isUserInteraction && remember(layout)}
      >
        {showsArrays && !isNarrow && (
          <>
            <Panel id="arrays" {...sidePanel(ARRAYS, arraysWidth)}>
              {arrays}
            </Panel>
            <Separator className={styles['separator']} aria-label="Width of the arrays panel" />
          </>
        )}
        <Panel id="grid" minSize={GRID_MIN}>
          <ArrayPane />
        </Panel>
        {!noDetails && !isNarrow && (
          <>
            <Separator className={styles['separator']} aria-label="Width of the details panel" />
            <Panel id="details" {...sidePanel(DETAILS, detailsWidth)}>
              {hasDetails && <SelectionPanel />}
            </Panel>
          </>
        )}
      </Group>
      {isNarrow && showsArrays && <Drawer side="left">{arrays}</Drawer>}
      {isNarrow && !noDetails && (
        <Drawer side="right">
          <SelectionPanel />
        </Drawer>
      )}
    </>
  )
}
