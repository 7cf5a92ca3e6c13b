import { useState } from 'react'
import type { ArrayInfo, Figures } from '../../../../core/explorer/contract/types.ts'
import { isWide, type Value } from '../../../../core/format/values.ts'
import { canShade, type Shading } from '../../../grid/index.ts'
import { useStatistics, wholeArray } from '../../../model/statistics/use-statistics.ts'
import { usePreferences } from '../../../model/hooks.ts'
import type { OpenStore } from '../../../model/session.ts'

/** Shades span the values between these quantiles. */
const LOW = 0.01
const HIGH = 0.99

function rangeOf({ dtype, quantiles }: Figures): Shading {
  const at = (wanted: number): Value | undefined => {
    const text = quantiles.find(({ q }) => q === wanted)?.value
    // What lies between two elements has decimals that no shade shows.
    if (text === undefined) return undefined
    return isWide(dtype) ? BigInt(/^-?\d+/.exec(text)![0]) : Number(text)
  }
  const [low, high] = [at(LOW), at(HIGH)]
  return low === undefined || high === undefined ? null : { low, high }
}

/** Takes the range from the first, sampled statistics, so that shades don't change while these refine. */
export function useShading(store: OpenStore, array: ArrayInfo): Shading {
  const chosen = usePreferences(({ shadeBy }) => shadeBy)
  const shadeBy = array.dtype !== null && canShade(array.dtype) ? chosen : 'nothing'
  const params = wholeArray(store, array)
  const key = JSON.stringify(params)
  const [known, setKnown] = useState<{ key: string; range: Shading } | null>(null)
  const isAsking = shadeBy === 'array' && known?.key !== key
  const { result: figures } = useStatistics(isAsking ? params : null).statistics
  if (isAsking && figures !== null) setKnown({ key, range: rangeOf(figures) })
  if (shadeBy !== 'array') return shadeBy === 'column' ? 'column' : null
  return known?.key === key ? known.range : null
}
