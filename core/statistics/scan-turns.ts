import type { ArrayReader } from '../storage/read/reader.ts'
import { openShared } from '../storage/read/shared-reader.ts'
import { SharedTurns } from '../system/stop-signal.ts'
import type { Send } from '../system/thread.ts'
import { buffersOf } from './findings.ts'
import { kernels } from './kernels.ts'
import { startPass } from './pass.ts'
import { PROGRESS_MS, scanPart } from './scan.ts'
import type { ThreadFindings, ThreadStart } from './threads.ts'

/** The first word comes this early. */
const FIRST_PROGRESS_MS = 20

/** Does, in a thread, what scanInThreads asked for; sends null when the scan was stopped. */
export function scanTurns(
  start: ThreadStart,
  result: Send<ThreadFindings | null>,
  progress: Send<ThreadFindings>,
): void {
  const reader = openShared(start.reader)
  let end: ThreadFindings | null
  try {
    end = takeTurns(reader, start, progress)
  } finally {
    reader.source.close()
  }
  result(end, end === null ? [] : buffersOf(end.findings))
}

/** Takes parts until none is left; null when the scan is to stop. */
function takeTurns(reader: ArrayReader, start: ThreadStart, progress: Send<ThreadFindings>): ThreadFindings | null {
  const { region, task, parts } = start
  const pass = startPass(kernels(), reader.dtype, region, task)
  const turns = new SharedTurns(start.turns)
  let bytesDone = 0
  let next = performance.now() + FIRST_PROGRESS_MS
  for (let turn = turns.take(); turn < parts.count; turn = turns.take()) {
    if (turns.isStopped) return null
    for (const bytes of scanPart(reader, region, parts, turn, pass)) {
      if (turns.isStopped) return null
      bytesDone += bytes
      if (performance.now() < next) continue
      const findings = pass.findings()
      progress({ findings, bytesDone }, buffersOf(findings))
      next = performance.now() + PROGRESS_MS
    }
  }
  return { findings: pass.findings(), bytesDone }
}
