import { formatBytes, formatInteger, pluralize, formatShape } from '../format/quantities.ts'
import { visibleText } from '../format/visible-text.ts'
import type { StoreMetadata } from '../storage/read/describe.ts'
import { type DamagedArray, NumPack } from '../storage/numpack.ts'
import { formatTable } from './table.ts'

export interface StoreSummary extends StoreMetadata {
  readonly damaged: readonly DamagedArray[]
}

/** Reads a store's metadata. Throws `NOT_FOUND`, `NOT_A_STORE`, `NEWER_VERSION`, `DAMAGED` or `IO`. */
export function readStoreSummary(path: string): StoreSummary {
  using npk = NumPack.open(path, { readOnly: true })
  return { ...npk.getMetadata(), path, damaged: npk.damaged }
}

export function formatStoreSummary({ path, totalSize, arrays, damaged }: StoreSummary): string {
  const all = Object.entries(arrays)
  const rows = [
    ['dtype', 'shape', 'deleted', 'size', 'array'],
    ...all.map(([name, { dtype, shape, deletedRows, sizeBytes }]) => [
      dtype,
      formatShape(shape),
      deletedRows === 0 ? '' : formatInteger(deletedRows),
      formatBytes(sizeBytes),
      visibleText(name),
    ]),
  ]
  const head = `NumPack store ${visibleText(path)}: ${pluralize(all.length, 'array')}, ${formatBytes(totalSize)}`
  const bad = damaged.map(({ name, reason }) => `array '${visibleText(name)}' is damaged: ${visibleText(reason)}`)
  return [head, ...(all.length > 0 ? ['', formatTable(rows, [2, 3])] : []), ...bad].join('\n')
}
