/** Progress and cancellation of long work. */
export interface Control {
  /** Throws `ABORTED` if the work was cancelled. */
  check(): void
  /** Sets the number of bytes of the whole work. It may grow when something is done again. */
  expect(bytes: number): void
  /** Adds to the number of bytes done. */
  advance(bytes: number): void
  /** Sends the progress now, because the work pauses; otherwise it is sent at intervals. */
  report(): void
}
