/** Errors of requests that the host itself answers. */

export const ABORTED = { code: 'ABORTED', message: 'The request was cancelled.', details: {} }
export const CLOSED = { code: 'CLOSED', message: 'The window is closed.', details: {} }
export const NOT_OPEN = { code: 'CLOSED', message: 'This store is not open any more: open it again.', details: {} }
export const STOPPED = {
  code: 'IO' as const,
  message: 'The engine stopped unexpectedly and was started again; please try once more.',
  details: {},
}
