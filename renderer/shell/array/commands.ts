import type { App } from '../../model/app.ts'
import { middleAxes } from '../../model/array-shape.ts'
import type { Command } from '../../model/commands.ts'
import { hasGrid, hasStore } from '../../model/conditions.ts'
import { activeArray } from '../../model/session.ts'
import { showRowSet, stepSlice } from '../../model/navigation.ts'

const hasSlices = (app: App): boolean => {
  const array = activeArray(app.session.getState())
  if (app.exportTarget.current) return app.exportTarget.current.step !== undefined
  return array !== undefined && middleAxes(array).length > 0
}

function toSlice(app: App, step: 1 | -1): void {
  if (app.exportTarget.current) app.exportTarget.current.step?.(step)
  else void stepSlice(app, step)
}

export const ARRAY_PANE_COMMANDS: readonly Command[] = [
  {
    id: 'nextSlice',
    title: 'Next slice',
    group: 'Arrays',
    key: ']',
    enabled: hasSlices,
    run: app => toSlice(app, 1),
  },
  {
    id: 'previousSlice',
    title: 'Previous slice',
    group: 'Arrays',
    key: '[',
    enabled: hasSlices,
    run: app => toSlice(app, -1),
  },
  {
    id: 'hideDeleted',
    title: 'Hide deleted rows',
    group: 'Rows',
    key: 'h',
    enabled: hasStore,
    run: app => void showRowSet(app, 'active'),
  },
  {
    id: 'showDeleted',
    title: 'Show deleted rows',
    group: 'Rows',
    key: 's',
    enabled: hasStore,
    run: app => void showRowSet(app, 'all'),
  },
  {
    id: 'onlyDeleted',
    title: 'Only deleted rows',
    group: 'Rows',
    key: 'o',
    enabled: hasStore,
    run: app => void showRowSet(app, 'deleted'),
  },
  {
    id: 'focusGrid',
    title: 'Go to the grid',
    group: 'Rows',
    key: 'g',
    enabled: hasGrid,
    run: app => app.grid.current?.focus(),
  },
]
