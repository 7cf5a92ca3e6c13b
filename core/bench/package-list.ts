import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader } from '../format/npkg.ts'
import { getPackageInfo } from '../packages/index.ts'
import { atMost, type Bench, duration, type Figure, inTurn, secondsOf } from './harness.ts'

const ENTRIES = 10_000

export async function packageList({ folder }: Bench): Promise<Figure[]> {
  const path = join(folder, 'many.npkg')
  const payload = new Uint8Array(5000)
  const parts: Uint8Array[] = [encodePackageHeader(1, 0, ENTRIES)]
  for (let i = 1; i < ENTRIES; i++) parts.push(encodeEntryHeader(`data_array ${i}.npkd`, payload.length, 0), payload)
  parts.push(encodeEntryHeader('metadata.npkm', 20, 0), encodeMetadata([]), encodePackageFooter(0))
  writeFileSync(path, Buffer.concat(parts))
  const spent = await inTurn(10, {
    info: () =>
      secondsOf(async () => {
        const { files, fault } = await getPackageInfo(path)
        if (files.length !== ENTRIES || fault !== null) throw new Error('not everything was listed')
      }),
  })
  rmSync(path)
  return [
    {
      what: `listing a package of ${ENTRIES} entries`,
      value: duration(spent.info),
      beside: '',
      measured: spent.info * 1000,
      goal: atMost(50, 'ms'),
    },
  ]
}
