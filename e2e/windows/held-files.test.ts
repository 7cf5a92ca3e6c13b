import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ending, filesFor, modesFor, operateBesideHolder, tableOf } from './held-operation.ts'
import { OperationThreads } from './operation-threads.ts'
import { makeTemplate, OPERATIONS, type Template } from './operations.ts'

/** Seconds after which a holder lets go: the engine waits for more than one. */
const RELEASES = [0.2, 1, 5]
/** Kinds of files with which that is tried: the others take the same way. */
const RELEASED: ReadonlySet<string> = new Set(['metadata', 'package'])

const CASES = OPERATIONS.flatMap(operation => filesFor(operation).map(file => ({ operation, file })))

const endings = new Map<string, Ending>()

let template: Template
beforeAll(async () => {
  template = await makeTemplate()
})
afterAll(() => {
  template[Symbol.dispose]()
  console.log(tableOf(endings))
})

describe.concurrent('while another program has a file open', () => {
  test.for(CASES.map(each => [each.operation.name, each.file.kind, each] as const))(
    '%s is done, or refused with the reason, and nothing is lost (%s)',
    async ([name, kind, { operation, file }]) => {
      await using threads = new OperationThreads()
      let isReleased = !RELEASED.has(kind)
      for (const mode of modesFor(file)) {
        const held = { operation, file, mode }
        const ending = await operateBesideHolder(template.folder, threads, held)
        endings.set(`${name}, ${kind}, ${mode}`, ending)
        expect(ending, mode).toMatch(/^(done$|refused)/)
        if (ending === 'done' || isReleased) continue
        isReleased = true
        for (const seconds of RELEASES) {
          const released = await operateBesideHolder(template.folder, threads, { ...held, seconds })
          expect(released, `${mode}, ${seconds} s`).toMatch(seconds > 1 ? /^(done$|refused)/ : /^done$/)
        }
      }
    },
  )
})
