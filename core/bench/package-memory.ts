import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './command.ts'
import { atMost, type Bench, type Figure } from './harness.ts'
import { makeFloatStore } from './stores.ts'

const BYTES = 2 * 2 ** 30

export function packageMemory({ folder }: Bench): Figure[] {
  const store = makeFloatStore(folder, 'large.npk', 'rounded', BYTES)
  const target = join(folder, 'large.npkg')
  const program = fileURLToPath(new URL('packages-once.ts', import.meta.url))
  const measurePeak = (...args: string[]): number => Number(run(process.execPath, program, ...args))
  const peaks = {
    pack: measurePeak('pack', store, target),
    unpack: measurePeak('unpack', target, join(folder, 'large-back.npk')),
  }
  for (const name of ['large.npk', 'large.npkg', 'large-back.npk']) rmSync(join(folder, name), { recursive: true })
  return Object.entries(peaks).map(([operation, bytes]) => ({
    what: `${operation} 2 GiB: peak memory of the whole process`,
    value: `${(bytes / 2 ** 20).toFixed(0)} MiB`,
    beside: '',
    measured: bytes / 2 ** 20,
    goal: atMost(150, 'MiB'),
  }))
}
