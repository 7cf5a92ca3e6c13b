import { openRowSet } from '../array/row-set.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { openShared } from '../storage/read/shared-reader.ts'
import { SharedTurns } from '../system/stop-signal.ts'
import type { Send } from '../system/thread.ts'
import { kernels } from './kernels.ts'
import { PROGRESS_MS, scanChunk } from './scan-here.ts'
import type { ThreadResult, ThreadStart } from './scan-in-threads.ts'
import { buffersOf } from './scan-result.ts'
import { createScanner } from './scanner.ts'

const FIRST_PROGRESS_MS = 20

/** Runs a scan in a worker thread; sends null if it was stopped. */
export function scanInThisThread(
  start: ThreadStart,
  send: Send<ThreadResult | null>,
  sendProgress: Send<ThreadResult>,
): void {
  const reader = openShared(start.reader)
  let end: ThreadResult | null
  try {
    end = scanChunks(reader, start, sendProgress)
  } finally {
    reader.source.close()
  }
  send(end, end === null ? [] : buffersOf(end.result))
}

function scanChunks(
  reader: ArrayReader,
  { rowSet, region: part, task, chunks, turns: memory }: ThreadStart,
  sendProgress: Send<ThreadResult>,
): ThreadResult | null {
  const region = { ...part, rowSet: openRowSet(rowSet, reader.rowMap) }
  const scanner = createScanner(kernels(), reader.dtype, region, task)
  const turns = new SharedTurns(memory)
  let bytesDone = 0
  let next = performance.now() + FIRST_PROGRESS_MS
  for (let index = turns.take(); index < chunks.count; index = turns.take()) {
    if (turns.isStopped) return null
    for (const bytes of scanChunk(reader, region, chunks, index, scanner)) {
      if (turns.isStopped) return null
      bytesDone += bytes
      if (performance.now() < next) continue
      const result = scanner.result()
      sendProgress({ result, bytesDone }, buffersOf(result))
      next = performance.now() + PROGRESS_MS
    }
  }
  return { result: scanner.result(), bytesDone }
}
