import { removeFolder } from '../test-support/remove-folder.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPack } from './numpack.ts'

const writer = (path: string): string => `
  import { NumPack } from ${JSON.stringify(new URL('./numpack.ts', import.meta.url).href)}
  const npk = NumPack.open(${JSON.stringify(path)})
  console.log('begun')
  for (let i = 1; ; i++) npk.save({ a: new Int32Array(100).fill(i) })
`

const READS = process.platform === 'win32' ? 100 : 4000

test('an array that another program saves all the time is always read whole, never as damaged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'numpack-beside-'))
  const path = join(folder, 'store.npk')
  NumPack.with(path, npk => npk.save({ a: new Int32Array(100) }))
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child.stdout, 'data')
    const seen = new Set<number>()
    for (let i = 0; i < 5 * READS && (seen.size < READS / 8 || i < READS); i++) {
      NumPack.with(path, { readOnly: true }, npk => {
        npk.getMemberList()
        const values = new Set(npk.load('a').data as Int32Array)
        expect(values.size).toBe(1)
        for (const value of values) seen.add(value)
      })
    }
    expect(seen.size).toBeGreaterThan(READS / 50)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
    removeFolder(folder)
  }
})
