import type { SelectionMove } from './selection.ts'

/** The part of a KeyboardEvent that matters here. */
export interface Key {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

const ARROWS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** -1 and 1 stay finite, 0 stays 0. */
const toEdge = (step: number): number => (step === 0 ? 0 : step * Infinity)

/** What a key asks of the selection, or null when it isn't the grid's. `page`: rows that Page Up and Page Down move. */
export function moveOfKey(key: Key, page: number): SelectionMove | null {
  if (key.altKey) return null
  const command = key.ctrlKey || key.metaKey
  const extend = key.shiftKey
  const arrow = ARROWS[key.key]
  if (arrow !== undefined) {
    const [rows, columns] = arrow
    return command
      ? { type: 'by', rows: toEdge(rows), columns: toEdge(columns), extend }
      : { type: 'by', rows, columns, extend }
  }
  switch (key.key) {
    case 'PageUp':
      return command ? null : { type: 'by', rows: -page, columns: 0, extend }
    case 'PageDown':
      return command ? null : { type: 'by', rows: page, columns: 0, extend }
    case 'Home':
      return { type: 'by', rows: command ? -Infinity : 0, columns: -Infinity, extend }
    case 'End':
      return { type: 'by', rows: command ? Infinity : 0, columns: Infinity, extend }
    case 'a':
    case 'A':
      return command && !extend ? { type: 'all' } : null
    case 'Escape':
      return { type: 'collapse' }
    default:
      return null
  }
}
