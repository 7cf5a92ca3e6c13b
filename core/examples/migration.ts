import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getPackageInfo, NumPack, pack, unpack, verifyPackage } from 'numpack'
import { normal } from './samples.ts'

export interface Migration {
  readonly packagePath: string
  readonly fileCount: number
  readonly compressionRatio: number
  readonly restoredPath: string
  readonly shape: readonly number[]
  readonly equal: boolean
}

/** Packs, inspects, verifies, unpacks and compares a store. Deleted rows stay deleted: 9,997 of 10,000. */
export async function migrate(folder: string): Promise<Migration> {
  const source = join(folder, 'experiment.npk')
  using npk = NumPack.open(source)
  npk.save({ features: normal(10_000, 32), scores: normal(10_000, 1, 2) })
  npk.drop('features', [0, 17, 9999])

  const packagePath = await pack(source, join(folder, 'to move', 'experiment'), { verify: true })
  const { fileCount, compressionRatio } = await getPackageInfo(packagePath)
  const { fault } = await verifyPackage(packagePath)
  if (fault !== null) throw new Error(fault.message)

  const restoredPath = await unpack(packagePath, join(folder, 'other machine', 'experiment.npk'))
  using restored = NumPack.open(restoredPath, { readOnly: true })
  const equal = npk.getMemberList().every(name => restored.load(name).equals(npk.load(name)))
  return { packagePath, fileCount, compressionRatio, restoredPath, shape: restored.getShape('features'), equal }
}

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'numpack-example-'))
  try {
    console.log(await migrate(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
