/** Runs work and ignores its errors. Only for cleanup that may be left undone. */
export function ignoreErrors(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}
