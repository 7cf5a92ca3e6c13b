import { parentPort } from 'node:worker_threads'
import { NumPackError, plainError } from '../format/errors.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { openShared } from '../storage/read/shared-reader.ts'
import { buffersOf } from './scan-result.ts'
import { kernels } from './kernels.ts'
import { createScanner } from './scanner.ts'
import { PROGRESS_MS, scanChunk } from './scan-here.ts'
import { STOPPED, type ThreadMessage, type ThreadStart, NEXT_CHUNK } from './scan-in-threads.ts'

const FIRST_PROGRESS_MS = 20

const send = (message: ThreadMessage): void =>
  parentPort?.postMessage(message, 'result' in message ? buffersOf(message.result) : [])

/** Runs a scan in a worker thread and sends its outcome. */
export function scanInThisThread(start: ThreadStart): void {
  const reader = openShared(start.reader)
  let end: ThreadMessage
  try {
    end = scanChunks(reader, start)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    end = { kind: 'failure', error: plainError(error) }
  } finally {
    reader.source.close()
  }
  send(end)
}

function scanChunks(reader: ArrayReader, { region, task, chunks, state }: ThreadStart): ThreadMessage {
  const scanner = createScanner(kernels(), reader.dtype, region, task)
  const flags = new Int32Array(state)
  let bytesDone = 0
  let next = performance.now() + FIRST_PROGRESS_MS
  for (let index = Atomics.add(flags, NEXT_CHUNK, 1); index < chunks.count; index = Atomics.add(flags, NEXT_CHUNK, 1)) {
    if (Atomics.load(flags, STOPPED) !== 0) return { kind: 'stopped' }
    for (const bytes of scanChunk(reader, region, chunks, index, scanner)) {
      if (Atomics.load(flags, STOPPED) !== 0) return { kind: 'stopped' }
      bytesDone += bytes
      if (performance.now() < next) continue
      send({ kind: 'partial', result: scanner.result(), bytesDone })
      next = performance.now() + PROGRESS_MS
    }
  }
  return { kind: 'result', result: scanner.result(), bytesDone }
}
