/** How long work tells its caller where it is and hears that it should stop. */
export interface Control {
  /** Throws `ABORTED` when the work was cancelled. */
  check(): void
  /** So many bytes of the whole work are to be done. May grow when something is done again. */
  expect(bytes: number): void
  /** So many more bytes are done. */
  advance(bytes: number): void
}
