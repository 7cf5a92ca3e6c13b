/**
 * The outline of a histogram's bars, as the path of an SVG of one unit a bin and a height of 1. Bars that hold anything
 * are at least `least` high, so that a single element among millions is seen.
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
