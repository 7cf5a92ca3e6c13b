import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startTestHost, TestWindow } from '../explorer/host/test-support/test-host.ts'
import { packStore } from '../packages/pack.ts'
import { CountingControl } from '../packages/test-support/counting-control.ts'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from '../storage/numpack.ts'
import type { Reply, Result } from '../explorer/contract/types.ts'
import type { Attack } from './attack.ts'

const ROWS = 3000
const COLUMNS = 8
const READINGS = 16
const RUNS_PER_PACKAGE = 25

/** No reply may mix two contents, and replies of one generation must agree. Elements are the package's number. */
export async function startAttack(folder: string): Promise<Attack> {
  const path = join(folder, 'x.npkg')
  let content = 0
  await replacePackage()
  const host = startTestHost(join(folder, 'data'))
  const window = new TestWindow(host)
  const { store } = await window.get('openStore', { path })
  const values = new Map<number, number>()
  let read = 0

  return {
    async run(random, number) {
      window.events.length = 0
      const asked = Array.from({ length: READINGS }, () => {
        const first = random.below(ROWS - 100)
        const columns: [number, number] = [0, COLUMNS]
        const rows: [number, number] = [first, first + 1 + random.below(99)]
        return window.ask('readWindow', { store: store.id, array: 'a', rowSet: 'active', rows, columns, index: [] })
      })
      if (number % RUNS_PER_PACKAGE === 0) await replacePackage()
      const codes = (await Promise.all(asked)).map(judge)
      return codes.find(code => code !== 'read') ?? 'read'
    },
    async end() {
      await host.close()
      if (read === 0) throw new Error('nothing was read')
    },
  }

  async function replacePackage(): Promise<void> {
    const source = join(folder, 'next.npk')
    const target = join(folder, 'next.npkg')
    content = (content + 1) % 250
    mkdirSync(source)
    NumPack.with(source, npk => {
      npk.save({ a: NDArray.from(new Uint8Array(ROWS * COLUMNS).fill(content), { shape: [ROWS, COLUMNS] }) })
    })
    const job = { source, target, compression: true, version: 1, overwrite: true, verify: false } as const
    await packStore(job, new CountingControl())
    rmSync(source, { recursive: true })
    renameSync(target, path)
  }

  function judge(reply: Reply): string {
    if (!reply.ok) return reply.error.code
    const { generation, rows } = reply.result as Result<'readWindow'>
    const elements = new Uint8Array(reply.bytes ?? new ArrayBuffer(0), 0, (rows[1] - rows[0]) * COLUMNS)
    const different = new Set(elements)
    if (different.size > 1) throw new Error(`an answer mixes the contents ${[...different].join()}`)
    const [value = 0] = different
    const known = values.get(generation) ?? value
    if (known !== value) throw new Error(`generation ${generation} has the contents ${known} and ${value}`)
    values.set(generation, value)
    read++
    return 'read'
  }
}
