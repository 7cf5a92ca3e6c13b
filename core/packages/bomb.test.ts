import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDeflate } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeMetadata } from '../format/metadata.ts'
import { encodeEntryHeader, encodePackageFooter, encodePackageHeader, maxStoredSize } from '../format/npkg.ts'
import { throughStream } from './node-streams.ts'
import { STORES } from '../test-support/fixture-stores.ts'
import { CountingControl, scratch, storePath } from './test-support/counting-control.ts'
import { packStore } from './pack.ts'
import { type Pieces, type ZstdBackend, zstdBy } from './zstd.ts'

const SAYS = 1000
/** zlib compresses to 1/1032 at best: with more zeros, the payload's length would refuse the package. */
const BYTES = { zstd: 2 ** 30, zlib: 60 * 2 ** 20 }
/** In units of 512 bytes: 4 KiB, the most that any file may get. */
const FILE_LIMIT = 8
const SLACK_MIB = 40

function* zeros(bytes: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(1 << 20)
  for (let at = 0; at < bytes; at += chunk.length) yield chunk
}

async function writeBomb(path: string, payload: Pieces): Promise<void> {
  const pieces: Uint8Array[] = []
  for await (const piece of payload) pieces.push(piece.slice())
  const compressed = Buffer.concat(pieces)
  expect(compressed.length).toBeLessThan(maxStoredSize(SAYS))
  const record = { name: 'a', dtype: 'uint8', shape: [SAYS], dataFile: 'data_a.npkd', sizeBytes: SAYS } as const
  const metadata = encodeMetadata([{ ...record, lastModified: 1 }])
  const parts = [encodePackageHeader(1, 1, 2), encodeEntryHeader('data_a.npkd', SAYS, compressed.length), compressed]
  parts.push(encodeEntryHeader('metadata.npkm', metadata.length, 0), metadata, encodePackageFooter(0))
  writeFileSync(path, Buffer.concat(parts))
}

function unpackAlone(source: string, target: string, zstd: ZstdBackend): { outcome: string; mebibytes: number } {
  const job = { source, target, overwrite: false, verify: true, zstd }
  const program = `
    import { unpackFile } from ${JSON.stringify(new URL('./unpack.ts', import.meta.url).href)}
    const control = { check() {}, addTotal() {}, advance() {} }
    const outcome = await unpackFile(${JSON.stringify(job)}, control).then(() => 'unpacked', error => error.message)
    console.log(JSON.stringify({ outcome, mebibytes: process.resourceUsage().maxRSS / 1024 }))
  `
  const command = `ulimit -f ${FILE_LIMIT}; exec "$0" --input-type=module -e "$1"`
  const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, program], { encoding: 'utf8' })
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout) as ReturnType<typeof unpackAlone>
}

test.for<[codec: keyof typeof BYTES, zstd: ZstdBackend]>([
  ['zstd', 'zstd-napi'],
  ['zstd', 'node'],
  ['zlib', 'node'],
])(
  'many megabytes of %s that say they are 1,000 bytes cost neither memory nor disk (%s)',
  async ([codec, zstd], ctx) => {
    if (process.platform === 'win32') ctx.skip('Windows has no ulimit')
    using folder = scratch()
    const honest = folder.file('honest.npkg')
    const job = {
      source: storePath('empty.npk'),
      target: honest,
      compression: true,
      version: 1,
      overwrite: false,
    } as const
    await packStore({ ...job, verify: false }, new CountingControl())
    const bomb = folder.file('bomb.npkg')
    await writeBomb(
      bomb,
      codec === 'zlib'
        ? throughStream(createDeflate({ level: 9 }), zeros(BYTES.zlib))
        : zstdBy(zstd).compress(BYTES.zstd, zeros(BYTES.zstd)),
    )
    const usual = unpackAlone(honest, folder.file('honest.npk'), zstd)
    expect(usual.outcome).toBe('unpacked')
    for (const source of [bomb, join(STORES, 'damaged/bomb.npkg')]) {
      const { outcome, mebibytes } = unpackAlone(source, folder.file('bomb.npk'), zstd)
      expect(outcome).toContain('unpacks to more than it says')
      expect(mebibytes).toBeLessThan(usual.mebibytes + SLACK_MIB)
    }
    expect(readdirSync(folder.path).sort()).toEqual(['bomb.npkg', 'honest.npk', 'honest.npkg'])
  },
)
