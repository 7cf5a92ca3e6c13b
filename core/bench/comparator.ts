import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One C process answers all requests: forking would cause a page fault on every page of this process. */
export class Comparator {
  readonly #questions: number
  readonly #answers: number

  private constructor(folder: string, program: string) {
    const [questions, answers] = [join(folder, 'questions'), join(folder, 'answers')]
    spawnSync('mkfifo', [questions, answers])
    spawn(program, [questions, answers], { stdio: ['ignore', 'ignore', 'inherit'] }).unref()
    this.#questions = openSync(questions, 'w')
    this.#answers = openSync(answers, 'r')
  }

  static start(folder: string): Comparator | null {
    const program = join(folder, 'compare')
    const source = fileURLToPath(new URL('compare.c', import.meta.url))
    return spawnSync('cc', ['-O2', '-o', program, source]).status === 0 ? new Comparator(folder, program) : null
  }

  /** Sends a request; converts the answer from nanoseconds to seconds. */
  seconds(...question: (string | number)[]): number {
    writeSync(this.#questions, `${question.join('\t')}\n`)
    const bytes = Buffer.alloc(64)
    let filled = 0
    while (filled === 0 || bytes[filled - 1] !== 10) {
      const count = readSync(this.#answers, bytes, filled, bytes.length - filled, null)
      if (count === 0) throw new Error(`compare ${question.join(' ')} ended without an answer`)
      filled += count
    }
    return Number(bytes.toString('latin1', 0, filled)) * 1e-9
  }

  [Symbol.dispose](): void {
    closeSync(this.#questions)
    closeSync(this.#answers)
  }
}
