import { removeFolder } from '../test-support/remove-folder.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { attackSeed, reportCounts, scratchRoot } from '../test-support/attack-scale.ts'

export interface RunFault {
  readonly run: number
  readonly what: string
  times: number
}

export interface AttackResult {
  readonly runs: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly faults: readonly RunFault[]
  readonly slowest: { readonly run: number; readonly ms: number }
  readonly mebibytes: number
}

export interface AttackBounds {
  readonly hangMs?: number
  readonly mebibytes?: number
}

const RESTARTS = 4
const POLL_MS = 200

/** Runs an attack in its own process: a crash, a hang or too much memory is a fault of the current run. */
export async function superviseAttack(module: string, runs: number, bounds: AttackBounds = {}): Promise<string[]> {
  const first = Number(process.env['ATTACK_RUN'] ?? 0)
  const end = process.env['ATTACK_RUN'] === undefined ? runs : first + 1
  const results: AttackResult[] = []
  const ended: RunFault[] = []
  for (let from = first; from < end && ended.length <= RESTARTS; ) {
    const { result, end: early } = await superviseProcess(module, from, end, bounds)
    if (result !== null) results.push(result)
    if (early === null) break
    ended.push(early)
    from = early.run + 1
  }
  const faults = [...results.flatMap(result => result.faults), ...ended]
  const outcomes: Record<string, number> = {}
  for (const result of results) {
    for (const [outcome, count] of Object.entries(result.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + count
  }
  const slowest = results.map(result => result.slowest).sort((a, b) => b.ms - a.ms)[0]
  const mebibytes = Math.max(0, ...results.map(result => result.mebibytes))
  const done = results.reduce((sum, { runs }) => sum + runs, 0)
  reportCounts(module, { runs: done, faults: faults.length, crashed: ended.length, slowest, mebibytes, outcomes })
  return faults.map(
    ({ run, what, times }) =>
      `run ${run} of ${module} and ${times - 1} more (ATTACK_SEED=${attackSeed} ATTACK_RUN=${run} does it again): ${what}`,
  )
}

async function superviseProcess(
  module: string,
  from: number,
  to: number,
  { hangMs = 20_000, mebibytes = 1500 }: AttackBounds,
): Promise<{ result: AttackResult | null; end: RunFault | null }> {
  const folder = mkdtempSync(join(scratchRoot(), 'numpack-attack-'))
  const progress = join(folder, 'progress')
  const resultFile = join(folder, 'result')
  const own = join(folder, 'own')
  mkdirSync(own)
  const args = [module, attackSeed, from, to, own, progress, resultFile].map(String)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'attacker.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  try {
    let errorOutput = ''
    child.stderr.on('data', text => (errorOutput = `${errorOutput}${String(text)}`.slice(-4000)))
    const closed = once(child, 'close') as Promise<[number | null, string | null]>
    const watch = watchProcess(child, progress, hangMs, mebibytes)
    const [status, signal] = await closed
    const why = await watch
    const result = existsSync(resultFile) ? (JSON.parse(readFileSync(resultFile, 'utf8')) as AttackResult) : null
    if (status === 0) return { result, end: null }
    const run = Number(existsSync(progress) ? readFileSync(progress, 'latin1') : Number.NaN)
    const what = why ?? `the process ended with ${status ?? signal}: ${errorOutput}`
    return { result, end: { run: Number.isNaN(run) ? to : run, what, times: 1 } }
  } finally {
    child.kill('SIGKILL')
    removeFolder(folder)
  }
}

/** Kills a process that hangs or uses too much memory, and returns the reason. Resolves when the process has ended. */
async function watchProcess(
  child: ChildProcess,
  progress: string,
  hangMs: number,
  mebibytes: number,
): Promise<string | null> {
  let last = ''
  let since = performance.now()
  while (child.exitCode === null && child.signalCode === null) {
    await delay(POLL_MS)
    const now = existsSync(progress) ? readFileSync(progress, 'latin1') : ''
    if (now !== last) since = performance.now()
    last = now
    const resident = residentMebibytes(child.pid)
    let why: string | null = null
    if (performance.now() - since > hangMs) why = `it did not end within ${hangMs / 1000} s`
    else if (resident > mebibytes) why = `the process took ${Math.round(resident)} MiB of memory`
    if (why === null) continue
    child.kill('SIGKILL')
    return why
  }
  return null
}

function residentMebibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    // The process has ended, or this system has no /proc.
    return 0
  }
}
