import { aborted } from '../storage/progress.ts'
import type { ArrayReader } from '../storage/reader.ts'
import type { Findings, Task } from './findings.ts'
import type { Region } from './region.ts'
import { scalarKernels } from './scalar/kernels.ts'
import { type ScanControl, scanHere } from './scan.ts'

/** Looks at every element of a region. */
export async function scan(
  reader: ArrayReader,
  region: Region,
  task: Task,
  control: ScanControl & { readonly workers?: number | undefined },
): Promise<Findings> {
  if (control.signal?.aborted === true) throw aborted()
  return scanHere(scalarKernels, reader, region, task, control)
}
