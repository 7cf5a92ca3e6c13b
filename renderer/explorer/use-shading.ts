import { useMemo } from 'react'
import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import { canShade, type Shading } from '../grid/index.ts'
import { useStatistics, wholeArray } from '../stats/use-statistics.ts'
import { usePreferences } from '../state/hooks.ts'
import type { OpenStore } from '../state/session.ts'

/** Most numbers lie between these quantiles. */
const LOW = 0.01
const HIGH = 0.99

/** By what the cells of an array are shaded. The array's range comes from its statistics, as soon as there are some. */
export function useShading(store: OpenStore, array: ArrayInfo): Shading {
  const chosen = usePreferences(({ shadeBy }) => shadeBy)
  const shadeBy = array.dtype !== null && canShade(array.dtype) ? chosen : 'nothing'
  const { statistics } = useStatistics(shadeBy === 'array' ? wholeArray(store, array) : null, array.generation)
  const quantile = (wanted: number): number | null =>
    statistics.figures?.quantiles.find(({ q }) => q === wanted)?.value ?? null
  const low = quantile(LOW)
  const high = quantile(HIGH)
  return useMemo(() => {
    if (shadeBy !== 'array') return shadeBy === 'column' ? 'column' : null
    return low === null || high === null ? null : { low, high }
  }, [shadeBy, low, high])
}
