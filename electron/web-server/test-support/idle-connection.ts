import type { Connection } from '../../../core/explorer/host/host-options.ts'

/** A connection of a host that never answers. */
export const idleConnection = (): Connection => ({
  request: () => new Promise(() => {}),
  openPaths: [],
  cancel() {},
  closeStore() {},
  hold() {},
  close() {},
})
