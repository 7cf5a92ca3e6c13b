import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import type { Part } from '../../core/format/numbers.ts'

export const isComplex = ({ dtype }: Pick<ArrayInfo, 'dtype'>): boolean => dtype?.startsWith('complex') ?? false

/** What is drawn of an array's elements when `part` is chosen. */
export const partOf = (array: Pick<ArrayInfo, 'dtype'>, part: Part): Part => (isComplex(array) ? part : 'real')
