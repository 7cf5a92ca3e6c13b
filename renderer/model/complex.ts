import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import type { Part } from '../../core/format/numbers.ts'

export const isComplex = ({ dtype }: Pick<ArrayInfo, 'dtype'>): boolean => dtype?.startsWith('complex') ?? false

/** Returns the part of an array's elements that is drawn; only complex arrays have a choice. */
export const partOf = (array: Pick<ArrayInfo, 'dtype'>, part: Part): Part => (isComplex(array) ? part : 'real')
