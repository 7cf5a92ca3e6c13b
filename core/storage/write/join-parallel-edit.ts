import { asNumPackError, plainError } from '../../format/errors.ts'
import { openShared } from '../read/shared-reader.ts'
import { AT_WORK, type ParallelEditResult, type ParallelEditStart, ENDED, WAITED_FOR } from './parallel-edit.ts'
import { takeTurns } from './elementwise.ts'
import { InPlaceFiles } from './in-place.ts'

/** Joins a parallel edit in a worker thread. The thread that started it waits for the result. */
export function joinParallelEdit({ reader: shared, edit, states, slot, port }: ParallelEditStart): void {
  if (Atomics.compareExchange(states, slot, WAITED_FOR, AT_WORK) !== WAITED_FOR) return port.close()
  const files = new InPlaceFiles(null)
  let failure: ParallelEditResult['failure'] = null
  try {
    const reader = openShared(shared)
    try {
      takeTurns(reader, files, edit)
    } finally {
      reader.source.close()
    }
  } catch (error) {
    failure = plainError(asNumPackError(error))
  }
  port.postMessage({ written: files.unsynced, failure } satisfies ParallelEditResult)
  Atomics.store(states, slot, ENDED)
  Atomics.notify(states, slot)
  port.close()
}
