import { characterOf } from '../ui/keys.ts'
import type { SelectionMove } from './selection.ts'

export interface Key {
  key: string
  code: string
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

/** 0 * Infinity would be NaN. */
const toEdge = (step: number): number => (step === 0 ? 0 : step * Infinity)

/** Returns how a key moves the selection; null for other keys. `page`: rows of Page Up and Page Down. */
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
  switch (characterOf(key)) {
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
