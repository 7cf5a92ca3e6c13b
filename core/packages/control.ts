/** What a package job needs from its thread: whether to go on, and where to count the bytes that it has processed. */
export interface Control {
  /** Throws `ABORTED` if the job was cancelled. Jobs call it between steps of bounded length. */
  check(): void
  /** Adds bytes to the total, of which `advance` counts those that are done. */
  addTotal(bytes: number): void
  /** Adds bytes that are done. Sends the progress if it was not sent for a while. */
  advance(bytes: number): void
  /** Sends the progress now: before a pause or the end, `advance` may not have sent the last bytes. */
  report(): void
}
