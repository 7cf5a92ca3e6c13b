import { parentPort } from 'node:worker_threads'
import { NumPackError, plainError } from '../format/errors.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { openShared } from '../storage/read/shared-reader.ts'
import { buffersOf } from './findings.ts'
import { kernels } from './kernels.ts'
import { startPass } from './pass.ts'
import { PROGRESS_MS, scanPart } from './scan.ts'
import { STOPPED, type ThreadMessage, type ThreadStart, TURN } from './threads.ts'

/** The first word comes this early. */
const FIRST_PROGRESS_MS = 20

const send = (message: ThreadMessage): void =>
  parentPort?.postMessage(message, 'findings' in message ? buffersOf(message.findings) : [])

/** Does, in a thread, what scanInThreads asked for, and says how it ended. */
export function scanTurns(start: ThreadStart): void {
  const reader = openShared(start.reader)
  let end: ThreadMessage
  try {
    end = takeTurns(reader, start)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    end = { kind: 'failure', error: plainError(error) }
  } finally {
    reader.source.close()
  }
  send(end)
}

/** Takes parts until none is left or the scan is to stop. */
function takeTurns(reader: ArrayReader, { region, task, parts, state }: ThreadStart): ThreadMessage {
  const pass = startPass(kernels(), reader.dtype, region, task)
  const flags = new Int32Array(state)
  let bytesDone = 0
  let next = performance.now() + FIRST_PROGRESS_MS
  for (let turn = Atomics.add(flags, TURN, 1); turn < parts.count; turn = Atomics.add(flags, TURN, 1)) {
    if (Atomics.load(flags, STOPPED) !== 0) return { kind: 'stopped' }
    for (const bytes of scanPart(reader, region, parts, turn, pass)) {
      if (Atomics.load(flags, STOPPED) !== 0) return { kind: 'stopped' }
      bytesDone += bytes
      if (performance.now() < next) continue
      send({ kind: 'partial', findings: pass.findings(), bytesDone })
      next = performance.now() + PROGRESS_MS
    }
  }
  return { kind: 'findings', findings: pass.findings(), bytesDone }
}
