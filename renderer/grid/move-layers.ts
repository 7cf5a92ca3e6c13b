import type { GridElements } from './grid-parts.ts'

export function moveLayers({ rows, gutter, headers }: GridElements, x: number, y: number): void {
  const scale = window.devicePixelRatio
  // Whole device pixels keep the text sharp.
  const left = Math.round(x * scale) / scale
  const top = Math.round(y * scale) / scale
  rows.style.transform = `translate(${left}px, ${top}px)`
  gutter.style.transform = `translateY(${top}px)`
  headers.style.transform = `translateX(${left}px)`
}
