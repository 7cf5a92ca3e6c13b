import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import { bytesText, count, exactTime, shapeText } from '../ui/format.ts'
import { type Fact, Facts } from './facts.tsx'
import styles from './selection-panel.module.css'

const MICROSECONDS_PER_MILLISECOND = 1000

/** What is known about an array without reading it. */
export function ArrayFacts({ array }: { array: ArrayInfo }) {
  const { dtype, physicalShape, deletedRows, sizeBytes, dataFile, segments, lastModified, damaged } = array
  // What can't be read has neither been counted nor measured.
  const measured: Fact[] =
    damaged === null
      ? [
          ['Deleted rows', count(deletedRows)],
          ['Size on disk', bytesText(sizeBytes)],
        ]
      : []
  const facts: Fact[] = [
    ['Type', dtype ?? 'unknown'],
    ['Shape on disk', shapeText(physicalShape)],
    ...measured,
    ['File', dataFile],
    ...(segments > 0 ? [['Segments', count(segments)] as const] : []),
    ...(lastModified > 0 ? [['Saved', exactTime(lastModified / MICROSECONDS_PER_MILLISECOND)] as const] : []),
  ]
  return (
    <>
      <h2 className={styles['title']}>Array</h2>
      <Facts facts={facts} />
    </>
  )
}
