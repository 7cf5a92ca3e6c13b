import { formatBytes, formatInteger, pluralize, formatShape } from '../format/quantities.ts'
import { visibleText } from '../format/visible-text.ts'
import type { StoreMetadata } from '../storage/read/describe.ts'
import { type DamagedArray, NumPack } from '../storage/numpack.ts'
import type { ListedArray } from './array-source.ts'
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
  const all = Object.entries(arrays).map(([name, array]) => ({ name, ...array }))
  const head = `NumPack store ${visibleText(path)}: ${pluralize(all.length, 'array')}, ${formatBytes(totalSize)}`
  const bad = damaged.map(({ name, reason }) => `array '${visibleText(name)}' is damaged: ${visibleText(reason)}`)
  return [head, ...(all.length > 0 ? ['', formatArrays(all)] : []), ...bad].join('\n')
}

/** Formats one array a line, below a heading. */
export function formatArrays(arrays: readonly Omit<ListedArray, 'damaged'>[]): string {
  const rows = arrays.map(({ name, dtype, shape, deletedRows, sizeBytes }) => [
    dtype ?? 'unknown',
    formatShape(shape),
    deletedRows === 0 ? '' : formatInteger(deletedRows),
    formatBytes(sizeBytes),
    visibleText(name),
  ])
  return formatTable([['dtype', 'shape', 'deleted', 'size', 'array'], ...rows], [2, 3])
}
