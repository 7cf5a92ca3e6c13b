import { cleanup, render } from '@testing-library/react'
import { userEvent, type UserEvent } from '@testing-library/user-event'
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { afterEach } from 'vitest'
import type { StoreInfo } from '../../../core/explorer/contract/types.ts'
import { type App, createApp } from '../app.ts'
import type { ArrayView } from '../array-views.ts'
import type { Command } from '../commands.ts'
import { AppContext } from '../hooks.ts'
import { GRID_VIEW_ID, type OpenStore } from '../session.ts'
import type { FakeHost } from './fake-host.ts'

/** Size of every element, in CSS pixels: the test environment has no layout, and lists draw only what is in view. */
const LAYOUT = { clientWidth: 400, clientHeight: 600 }

for (const [property, size] of Object.entries(LAYOUT))
  Object.defineProperty(HTMLElement.prototype, property, { configurable: true, get: () => size })

afterEach(cleanup)

export function openStore(info: StoreInfo, array: string | null = info.arrays[0]?.name ?? null): OpenStore {
  const activeArray = array === null ? null : { array, index: [], top: 0, cursor: { row: 0, column: 0 } }
  return {
    info,
    rowSet: 'active',
    viewId: GRID_VIEW_ID,
    selected: null,
    activeArray,
    locations: new Map(),
    viewStates: new Map(),
  }
}

export const commandStub = (id: string, run: Command['run'] = () => {}): Command => ({
  id,
  title: id,
  group: 'Window',
  key: 'F9',
  run,
})

interface PanelOptions {
  commands?: readonly Command[]
  views?: readonly ArrayView[]
  store?: OpenStore
}

/** Renders a panel in an app of its own. `remount` removes it and renders it again in the same app. */
export function renderPanel(
  panel: ReactNode,
  host: FakeHost,
  { commands = [], views = [], store }: PanelOptions = {},
): { app: App; user: UserEvent; remount: () => void } {
  const app = createApp(host, { commands, views })
  if (store) app.session.setState({ stores: [store], activePath: store.info.path })
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AppContext value={app}>
      <Tooltip.Provider delayDuration={0}>{children}</Tooltip.Provider>
    </AppContext>
  )
  render(panel, { wrapper })
  const remount = (): void => {
    cleanup()
    render(panel, { wrapper })
  }
  return { app, user: userEvent.setup(), remount }
}
