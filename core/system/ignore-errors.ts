/** Runs work that may fail: what it leaves undone does no harm. */
export function ignoreErrors(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}
