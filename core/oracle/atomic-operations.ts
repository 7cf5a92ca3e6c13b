import { randomOperation } from '../storage/test-support/choose.ts'
import { applied, type Model, type Operation } from '../storage/test-support/model.ts'
import { randomFrom } from './random.ts'

/** Endless random operations, each with the store's content after it. No edits in place: they are not atomic. */
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
