import { writeClipboard } from '../ui/clipboard.ts'
import { cellCount, doneMessage, readText, refusal } from './copy.ts'
import type { CellRange, CopyStatus, GridSource } from './types.ts'

/** Copies ranges of cells, one at a time: a new copy aborts the one before. */
export class Copier {
  private controller: AbortController | null = null

  cancel(): void {
    this.controller?.abort()
    this.controller = null
  }

  /** Puts a range on the clipboard as tab-separated text. Every outcome goes to `report`, but for one that was cancelled. */
  async copy(source: GridSource, range: CellRange, report: (status: CopyStatus) => void): Promise<void> {
    this.cancel()
    const message = refusal(range)
    if (message !== null) {
      report({ state: 'refused', message })
      return
    }
    const controller = new AbortController()
    this.controller = controller
    const { signal } = controller
    try {
      const text = await readText(source, range, signal, status => {
        if (!signal.aborted) report(status)
      })
      await writeClipboard(text)
      if (!signal.aborted) {
        report({ state: 'done', cells: cellCount(range), message: doneMessage(range) })
      }
    } catch (error) {
      if (!signal.aborted) report({ state: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
  }
}
