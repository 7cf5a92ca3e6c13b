import { parentPort } from 'node:worker_threads'
import { NumPackError } from '../../core/format/errors.ts'
import { OPERATIONS, type Place } from './operations.ts'

/** Does operations in a thread, because most of them are synchronous and wait. */

/** null: done. */
export type Refusal = { readonly code: string; readonly message: string } | null

export interface OperationRequest {
  readonly operation: string
  readonly place: Place
}

async function tryOperation({ operation, place: { folder, array } }: OperationRequest): Promise<Refusal> {
  try {
    await OPERATIONS.find(({ name }) => name === operation)?.run({ folder, array })
    return null
  } catch (error) {
    const code = error instanceof NumPackError ? error.code : 'no NumPackError'
    return { code, message: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (request: OperationRequest) => {
  void tryOperation(request).then(refusal => parentPort?.postMessage(refusal))
})
