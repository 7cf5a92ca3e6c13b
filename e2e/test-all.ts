import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Outcome } from './report/outcome.ts'

/**
 * `npm test`: every suite, one after the other, and one closing line over all of them. A test that is skipped must say
 * why; in CI, where everything it needs is installed, nothing may be skipped.
 */
const root = path.resolve(import.meta.dirname, '..')
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name)

const SUITES: [name: string, command: string[]][] = [
  ['engine, service and hosts', [bin('vitest'), 'run']],
  ['a real browser', [bin('playwright'), 'test', '--config', 'e2e/browser/playwright.config.ts']],
  ['a real Electron', [bin('vitest'), 'run', '--config', 'e2e/electron9/vitest.config.ts']],
]

const folder = mkdtempSync(path.join(tmpdir(), 'numpack-explorer-test-'))
const outcomes: Outcome[] = []
for (const [index, [name, [command, ...args]]] of SUITES.entries()) {
  console.log(`\n${name}`)
  const file = path.join(folder, `${index}.json`)
  const run = spawnSync(command!, args, { cwd: root, stdio: 'inherit', env: { ...process.env, OUTCOMES: file } })
  const suite: Outcome[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome[]) : []
  outcomes.push(...suite)
  const silent = suite.length === 0 || (run.status !== 0 && !suite.some(test => test.state === 'failed'))
  if (silent)
    outcomes.push({
      name: `${name}: ended with ${run.status ?? run.signal} and ${suite.length} tests`,
      state: 'failed',
    })
}
rmSync(folder, { recursive: true, force: true })

const of = (state: Outcome['state']): Outcome[] => outcomes.filter(test => test.state === state)
const notes = new Map<string, number>()
for (const { note = 'no reason given' } of of('skipped')) notes.set(note, (notes.get(note) ?? 0) + 1)
console.log()
for (const [note, count] of notes) console.log(`skipped ${count}: ${note}`)
for (const { name } of of('failed')) console.log(`failed: ${name}`)

const badSkips = of('skipped').filter(test => test.note === undefined || process.env['CI'] === 'true').length
const failed = of('failed').length + badSkips
if (badSkips > 0) console.log(`${badSkips} skipped tests count as failed: they give no reason, or this is CI`)
console.log(`${of('passed').length} passed, ${failed} failed`)
process.exit(failed > 0 || outcomes.length === 0 ? 1 : 0)
