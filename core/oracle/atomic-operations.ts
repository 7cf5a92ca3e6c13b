import { randomOperation } from '../storage/test-support/choose.ts'
import { applied, type Model, type Operation } from '../storage/test-support/model.ts'
import { randomFrom } from './random.ts'

/**
 * Endless random operations on a store that starts empty, each with the store's content after it. Edits in place are
 * excluded, because they are not atomic.
 */
export function* atomicOperations(seed: number): Generator<{ operation: Operation; model: Model }, never> {
  const random = randomFrom(seed)
  let model: Model = new Map()
  for (;;) {
    const operation = randomOperation(model, random)
    if (operation.kind === 'edit') continue
    model = applied(model, operation)
    yield { operation, model }
  }
}
