import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageInfo } from '../packages/info.ts'
import { openPackedStore } from '../packages/opened-package.ts'
import { STORES } from '../test-support/fixture-stores.ts'
import { CountingControl } from '../packages/test-support/counting-control.ts'
import { unpackFile } from '../packages/unpack.ts'
import { verifyFile } from '../packages/verify.ts'
import type { ZstdBackend } from '../packages/zstd.ts'
import { mutate } from '../oracle/mutate.ts'
import { allowTypedError, allowTypedErrorAsync, type Attack } from './attack.ts'
import { Canary, checkIsOwnContent } from './canary.ts'
import { makeHostilePackage, takeApart } from './hostile-packages.ts'

const BACKENDS: readonly ZstdBackend[] = ['zstd-napi', 'node']

/**
 * Lists, verifies, unpacks and reads mutated packages. Only typed errors are allowed, and neither leftovers nor access to
 * files outside.
 */
export function startAttack(folder: string): Attack {
  const own = join(folder, 'own')
  const inside = join(own, 'inside')
  mkdirSync(inside, { recursive: true })
  const canary = new Canary(join(own, 'canary'))
  const source = join(own, 'x.npkg')
  const target = join(inside, 'x.npk')
  const cacheFolder = join(own, 'cache')
  mkdirSync(cacheFolder)
  const packages = ['', 'damaged'].flatMap(each =>
    readdirSync(join(STORES, each))
      // library.npkg is 25 times as large as any other: its runs would be slow.
      .filter(file => file.endsWith('.npkg') && file !== 'library.npkg')
      .sort()
      .map(file => readFileSync(join(STORES, each, file))),
  )
  const parsedPackages = packages.map(takeApart).filter(parts => parts !== null)
  let unpacked = false

  return {
    async run(random, number) {
      const isStructural = random.below(10) < 6
      writeFileSync(
        source,
        isStructural
          ? makeHostilePackage(random.pick(parsedPackages), random)
          : mutate(random.pick(packages), random, packages),
      )
      const zstd = BACKENDS[number % 2]!
      const verify = random.below(2) === 0
      await allowTypedErrorAsync(() => packageInfo(source))
      await allowTypedErrorAsync(() => verifyFile({ source, sha256: false, zstd }, new CountingControl()))
      const refused = await allowTypedErrorAsync(() =>
        unpackFile({ source, target, overwrite: true, verify, zstd }, new CountingControl()),
      )
      unpacked ||= refused === null
      await allowTypedErrorAsync(() => readAll(zstd))
      canary.check()
      const left = [own, inside, cacheFolder].map(each => readdirSync(each).sort().join())
      const wanted = ['cache,canary,inside,x.npkg', unpacked ? 'x.npk' : '', '']
      if (left.join(';') !== wanted.join(';')) throw new Error(`left over: ${left.join(' ; ')}`)
      return refused ?? 'unpacked'
    },
  }

  async function readAll(zstd: ZstdBackend): Promise<void> {
    using opened = await openPackedStore(source, { cacheFolder, zstd })
    for (const name of opened.getMemberList().slice(0, 30)) {
      allowTypedError(() => checkIsOwnContent(name, opened.load(name)))
    }
  }
}
