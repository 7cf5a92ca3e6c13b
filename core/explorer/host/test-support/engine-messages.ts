import type { ArrayTaskRequest } from '../../contract/types.ts'
import type { ArrayTaskResult, TaskMessage } from '../../engine/messages.ts'
import type { ExplorerService } from '../../engine/service.ts'

let lastId = 0

export class EngineMessages {
  readonly #listeners = new Map<number, (message: TaskMessage) => void>()

  readonly onTask = (message: TaskMessage): void => this.#listeners.get(message.task)?.(message)

  start(service: ExplorerService, request: ArrayTaskRequest) {
    const id = ++lastId
    const messages: TaskMessage[] = []
    const first = Promise.withResolvers<TaskMessage>()
    const end = Promise.withResolvers<Exclude<TaskMessage, { kind: 'taskProgress' }>>()
    this.#listeners.set(id, message => {
      messages.push(message)
      first.resolve(message)
      if (message.kind !== 'taskProgress') end.resolve(message)
    })
    service.startTask(id, request)
    return { id, messages, first: first.promise, end: end.promise }
  }

  async result(service: ExplorerService, request: ArrayTaskRequest): Promise<ArrayTaskResult> {
    const end = await this.start(service, request).end
    if (end.kind === 'taskFailed') throw new Error(`${end.error.code}: ${end.error.message}`)
    return end.result
  }
}
