export const CHANNELS = {
  /** `invoke`: a Request in, a Reply out. */
  request: 'explorer:request',
  /** `send`, window to host: the id of a request that is not wanted any more. */
  cancel: 'explorer:cancel',
  /** `send`, host to window: an ExplorerEvent. */
  event: 'explorer:event',
} as const
