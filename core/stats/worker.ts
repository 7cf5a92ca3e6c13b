import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { NumPackError } from '../format/errors.ts'
import { kernels } from './kernels.ts'
import { startPass } from './pass.ts'
import { PROGRESS_MS, scanPart } from './scan.ts'
import { openShared } from './shared-reader.ts'
import { STOPPED, type ThreadMessage, type ThreadStart, TURN } from './threads.ts'

/** The first word comes this early. */
const FIRST_PROGRESS_MS = 20
/** Where a thread can have a priority of its own, those who read rows for a window come first. */
const NICENESS = 5

const send = (message: ThreadMessage): void => parentPort?.postMessage(message)

/** The thread of one scan: scanInThreads starts it with a ThreadStart. */
function main({ reader: shared, region, task, parts, state }: ThreadStart): void {
  if (process.platform === 'linux') setPriority(NICENESS)
  const reader = openShared(shared)
  const pass = startPass(kernels(), shared.dtype, region, task)
  const flags = new Int32Array(state)
  let bytesDone = 0
  let next = performance.now() + FIRST_PROGRESS_MS
  try {
    for (let turn = Atomics.add(flags, TURN, 1); turn < parts.count; turn = Atomics.add(flags, TURN, 1)) {
      for (const bytes of scanPart(reader, region, parts, turn, pass)) {
        if (Atomics.load(flags, STOPPED) !== 0) return
        bytesDone += bytes
        if (performance.now() < next) continue
        send({ kind: 'findings', findings: pass.findings(), bytesDone, last: false })
        next = performance.now() + PROGRESS_MS
      }
    }
    send({ kind: 'findings', findings: pass.findings(), bytesDone, last: true })
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    send({ kind: 'failure', code: error.code, message: error.message, details: error.details })
  } finally {
    reader.source.close()
  }
}

main(workerData as ThreadStart)
