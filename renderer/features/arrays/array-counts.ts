import type { ArrayInfo, StoreInfo } from '../../../core/explorer/contract/types.ts'
import { formatBytes, formatInteger } from '../../ui/format.ts'

/** Formats the heading of the arrays panel. `listed` are the arrays that its filter leaves. */
export function formatArraysHeading(
  { arrays, sizeBytes, package: packed }: StoreInfo,
  listed: readonly ArrayInfo[],
): string {
  const number =
    listed.length === arrays.length
      ? formatInteger(arrays.length)
      : `${formatInteger(listed.length)} of ${formatInteger(arrays.length)}`
  const damaged = arrays.filter(array => array.damaged !== null && !array.isBehindLink).length
  return [
    'Arrays',
    number,
    ...(damaged > 0 ? [`${formatInteger(damaged)} damaged`] : []),
    formatBytes(packed?.originalSize ?? sizeBytes),
  ].join(' · ')
}

/** Counts the warnings of a store and its arrays; a damaged array counts as one more. */
export const countWarnings = ({ arrays, warnings }: StoreInfo): number =>
  arrays.reduce((sum, array) => sum + array.warnings.length + (array.damaged === null ? 0 : 1), warnings.length)
