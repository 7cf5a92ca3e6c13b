/** Returns an SVG path of bars, one unit per bin. Non-empty bars are at least `least` of 1 high, to be visible. */
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
