import { messageOf } from '../../core/format/errors.ts'
import { writeClipboard } from '../ui/clipboard.ts'
import { cellCount, doneMessage, readText, refusal } from './copy.ts'
import type { CellRange, CopyStatus, GridSource } from './grid-types.ts'

export class Copier {
  #controller: AbortController | null = null

  cancel(): void {
    this.#controller?.abort()
    this.#controller = null
  }

  /** Copies a range as tab-separated text. Reports every outcome except that of a cancelled copy. */
  async copy(source: GridSource, range: CellRange, report: (status: CopyStatus) => void): Promise<void> {
    this.cancel()
    const message = refusal(range)
    if (message !== null) {
      report({ state: 'refused', message })
      return
    }
    const controller = new AbortController()
    this.#controller = controller
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
      if (!signal.aborted) report({ state: 'failed', message: messageOf(error) })
    }
  }
}
