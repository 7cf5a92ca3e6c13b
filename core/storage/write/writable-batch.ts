import { NumPackError } from '../../format/errors.ts'
import type { Store } from '../read/store.ts'
import { findWriteTarget } from './write-target.ts'
import { lockForWriting } from './transaction.ts'
import { InPlaceFiles } from './in-place.ts'
import { WritableArray } from './writable.ts'

/**
 * Edits arrays in place: `using wb = npk.beginWritableBatch()`. It is the store's only writer until it is disposed,
 * which syncs all edits. Edits are not atomic: a process killed during one leaves some rows changed, as NumPy's memmap
 * does.
 */
export class WritableBatch implements Disposable {
  readonly #store: Store
  readonly #checkOpen: () => void
  readonly #lock: Disposable
  readonly #files: InPlaceFiles
  #ended = false

  constructor(store: Store, checkOpen: () => void) {
    this.#store = store
    this.#checkOpen = checkOpen
    this.#lock = lockForWriting(store)
    this.#files = new InPlaceFiles(store.folder)
  }

  /** Throws `NOT_FOUND`, or why the array is damaged. */
  load(name: string): WritableArray {
    this.#checkUsable()
    this.#store.refreshArrays([name])
    const { reader } = findWriteTarget({ store: this.#store }, name)
    return new WritableArray(reader, this.#files, () => this.#checkUsable())
  }

  /** Ends the batch, with all edits synced. */
  [Symbol.dispose](): void {
    if (this.#ended) return
    this.#ended = true
    try {
      this.#files.sync()
    } finally {
      this.#lock[Symbol.dispose]()
    }
  }

  #checkUsable(): void {
    if (this.#ended) throw new NumPackError('CLOSED', 'the writable batch has ended: begin another one.')
    this.#checkOpen()
  }
}
