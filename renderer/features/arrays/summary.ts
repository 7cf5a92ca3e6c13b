import type { ArrayInfo, StoreInfo } from '../../../core/explorer/contract/types.ts'
import { bytesText, count } from '../../ui/format.ts'

/** Heading of the array list: the number of arrays, how many are damaged, and their total size. */
export function arraysHead({ arrays, sizeBytes, package: packed }: StoreInfo, listed: readonly ArrayInfo[]): string {
  const number =
    listed.length === arrays.length ? count(arrays.length) : `${count(listed.length)} of ${count(arrays.length)}`
  const damaged = arrays.filter(array => array.damaged !== null).length
  return [
    'Arrays',
    number,
    ...(damaged > 0 ? [`${count(damaged)} damaged`] : []),
    bytesText(packed?.originalSize ?? sizeBytes),
  ].join(' · ')
}

export const warningCount = ({ arrays, warnings }: StoreInfo): number =>
  arrays.reduce((sum, array) => sum + array.warnings.length + (array.damaged === null ? 0 : 1), warnings.length)
