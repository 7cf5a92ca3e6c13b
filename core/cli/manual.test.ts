import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manualMarkdown, manualPage } from './manual.ts'

test('docs/cli.md is the manual (vitest core/cli/manual.test.ts -u writes it)', async () => {
  const page = join(import.meta.dirname, '../../docs/cli.md')
  await expect(manualMarkdown()).toMatchFileSnapshot(page)
})

test('the manual page is printed without a warning, and names commands, options and exit statuses', ctx => {
  const { stdout, stderr, error } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-cbou'], {
    input: manualPage(),
    encoding: 'utf8',
  })
  if (error) ctx.skip('there is no groff')
  expect(stderr).toBe('')
  for (const text of ['numpack head <path> [array]', '--package-version <version>', 'EXIT STATUS', '129, 130, 143'])
    expect(stdout).toContain(text)
})
