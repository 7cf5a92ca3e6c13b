import type { Ref } from 'react'
import type { GridHandle, GridProps } from './types.ts'

/** The grid: rows and columns of an array, however many. */
export function Grid(props: GridProps & { ref?: Ref<GridHandle> }) {
  return <div role="grid" aria-label={props.label} aria-rowcount={props.source.rows + 1} tabIndex={0} />
}
