import type { Progress } from '../system/progress.ts'
import { formatJson } from './json.ts'
import { ProgressLine } from './progress-line.ts'

/** What a command needs of the terminal and the process. */
export interface Cli {
  readonly signal: AbortSignal
  /** Width of the terminal in characters; null if the output goes elsewhere. */
  readonly columns: number | null
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
  /** Makes the command end with status 1. */
  readonly bad: () => void
}

/** Flags that every command has. */
export interface Flags {
  readonly json?: boolean
}

export const show = ({ print }: Cli, { json = false }: Flags, result: unknown, text: string): void =>
  print(json ? formatJson(result) : text)

interface Job {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export async function withProgress<T>({ signal }: Cli, what: string, work: (job: Job) => Promise<T>): Promise<T> {
  using line = new ProgressLine(what)
  return await work({ signal, onProgress: line.show })
}
