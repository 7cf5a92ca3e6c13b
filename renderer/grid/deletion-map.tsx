import { useEffect, useMemo, useState } from 'react'
import { deletionMarks, pathsOf, STRENGTHS } from './deletion-marks.ts'
import styles from './grid.module.css'
import type { GridSource } from './grid-types.ts'

const MAX_BUCKETS = 8192
const INSET = 3

const opacityOf = (strength: number): number => 0.4 + (0.4 * strength) / (STRENGTHS - 1)

interface Shares {
  source: GridSource
  shares: readonly number[]
}

/** Where deleted rows lie, drawn into a vertical scrollbar's track of `height` pixels. Nothing where none are deleted. */
export function DeletionMap({ source, width, height }: { source: GridSource; width: number; height: number }) {
  const [known, setKnown] = useState<Shares | null>(null)
  const shown = source.deletedRows > 0 && source.rowSet.numbering !== null && height > 0
  const buckets = Math.min(MAX_BUCKETS, Math.round(height))

  useEffect(() => {
    const controller = new AbortController()
    const ask = async () => {
      try {
        const shares = await source.deletionMap(buckets, controller.signal)
        if (!controller.signal.aborted) setKnown({ source, shares })
      } catch {
        // The map is a hint: what is wrong with the array shows in the cells.
      }
    }
    if (shown) void ask()
    return () => controller.abort()
  }, [source, shown, buckets])

  const paths = useMemo(
    () =>
      known === null || known.source.layoutKey !== source.layoutKey
        ? null
        : pathsOf(deletionMarks(known.shares, source.rowSet.numbering, height), INSET, width - 2 * INSET),
    [known, source, width, height],
  )
  if (!shown || paths === null) return null
  return (
    <svg className={styles['map']} aria-hidden="true">
      {paths.map((path, strength) => {
        const opacity = opacityOf(strength)
        return <path key={opacity} d={path} opacity={opacity} />
      })}
    </svg>
  )
}
