export interface Control {
  /** Throws `ABORTED` if the work was cancelled. */
  check(): void
  /** Adds to the bytes of the whole work. */
  expect(bytes: number): void
  advance(bytes: number): void
  /** Sends the progress now, because the work pauses. */
  report(): void
}
