/**
 * Returns the SVG path of a histogram's bars: one unit per bin, height 1. Bars that are not empty are at least `least`
 * high, so that a single element among millions is visible.
 */
export function barsPath(counts: ArrayLike<number>, least: number): string {
  const all = Array.from(counts)
  const highest = Math.max(1, ...all)
  return all
    .map((count, bin) => {
      if (count === 0) return ''
      const height = Math.max(least, count / highest)
      return `M${bin} 1V${(1 - height).toFixed(4)}h1V1z`
    })
    .join('')
}
