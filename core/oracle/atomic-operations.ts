import { randomOperation } from '../storage/test-support/choose.ts'
import { applied, type Model, type Operation } from '../storage/test-support/model.ts'
import { randomFrom } from './random.ts'

/**
 * Random operations on a store that is empty at first, without end, each with what the store holds after it. Edits in
 * place are left out: they are not all or nothing.
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
