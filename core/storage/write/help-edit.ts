import { asNumPackError, plainError } from '../../format/errors.ts'
import { openShared } from '../read/shared-reader.ts'
import { AT_WORK, type EditEnd, type EditStart, ENDED, WAITED_FOR } from './edit-threads.ts'
import { takeTurns } from './elementwise.ts'
import { InPlaceFiles } from './in-place.ts'

/** Takes turns of an edit beside the thread that asked for help, which waits until this has ended. */
export function helpEdit({ reader: shared, edit, states, slot, port }: EditStart): void {
  if (Atomics.compareExchange(states, slot, WAITED_FOR, AT_WORK) !== WAITED_FOR) return port.close()
  const files = new InPlaceFiles(null)
  let failure: EditEnd['failure'] = null
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
  port.postMessage({ written: files.unsynced, failure } satisfies EditEnd)
  Atomics.store(states, slot, ENDED)
  Atomics.notify(states, slot)
  port.close()
}
