import { aborted } from '../system/progress.ts'
import { StopSignal } from '../system/stop-signal.ts'
import type { Send } from '../system/thread.ts'
import type { Control } from './control.ts'
import { type JobProgress, type JobStart, runJob } from './jobs.ts'
import type { PackageReport } from './verify.ts'

const PROGRESS_MS = 50

export async function doJob(
  { job, cancelled, life }: JobStart,
  result: Send<PackageReport | undefined>,
  progress: Send<JobProgress>,
): Promise<void> {
  const signal = new StopSignal(cancelled)
  let done = 0
  let total = 0
  let lastSent = 0
  const control: Control = {
    check() {
      if (signal.isStopped) throw aborted()
    },
    addTotal(bytes) {
      total += bytes
    },
    advance(bytes) {
      done += bytes
      if (performance.now() - lastSent >= PROGRESS_MS) control.report()
    },
    report() {
      lastSent = performance.now()
      progress({ done, total })
    },
  }
  try {
    const report = await runJob(job, control)
    control.report()
    result(report)
  } finally {
    life.close()
  }
}
