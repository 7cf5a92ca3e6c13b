import { removeFolder } from '../test-support/remove-folder.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-main-'))
})
afterAll(() => removeFolder(folder))

test.each(['stdout', 'stderr'] as const)(
  'a program keeps running when its %s is closed by the reader',
  async output => {
    const script = join(folder, `writes-to-${output}.mjs`)
    const runMain = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'run-main.mjs')).href)
    writeFileSync(
      script,
      `import { once } from 'node:events'
    import { runMain } from ${runMain}
    await runMain('test', import.meta.url, async () => ({
      main: async () => {
        await once(process.stdin.resume(), 'end')
        for (let line = 0; line < 3; line++) await new Promise(written => process.${output}.write('x', written))
        return 7
      },
    }))`,
    )
    const child = spawn(process.execPath, [script], { stdio: 'pipe', env: { ...process.env, XDG_CACHE_HOME: folder } })
    child[output].destroy()
    child.stdin.end()
    expect(await once(child, 'exit')).toEqual([7, null])
  },
)
