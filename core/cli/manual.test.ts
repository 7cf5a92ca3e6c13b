import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cli } from './command-line.ts'
import { manualMarkdown, manualPage } from './manual.ts'
import { makeProgram } from './program.ts'

const SILENT: Cli = {
  signal: new AbortController().signal,
  columns: null,
  print: () => {},
  printError: () => {},
  bad: () => {},
}

test('docs/cli.md is the manual (vitest core/cli/manual.test.ts -u writes it)', async () => {
  const page = join(import.meta.dirname, '../../docs/cli.md')
  await expect(manualMarkdown(makeProgram(SILENT))).toMatchFileSnapshot(page)
})

test('the manual page is printed without a warning, and names commands, options and exit statuses', ctx => {
  const { stdout, stderr, error } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-cbou'], {
    input: manualPage(makeProgram(SILENT)),
    encoding: 'utf8',
  })
  if (error) ctx.skip('there is no groff')
  expect(stderr).toBe('')
  for (const text of ['numpack head <path> [array]', '--package-version <version>', 'EXIT STATUS', '129, 130, 143'])
    expect(stdout).toContain(text)
})
