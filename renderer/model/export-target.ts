export interface ExportTarget {
  /** Zooms in (above 1) or out by a factor, around the middle. */
  zoom(factor: number): void
  /** Pans by a share of the visible part. */
  pan(right: number, down: number): void
  reset(): void
  /** The plot or image as it is on screen. */
  toPng(): Promise<Blob>
  toSvg(): Promise<Blob>
  /** Base name of a saved file, without suffix. */
  name: string
  /** Steps to the next (1) or previous (-1) image of an array of images; missing for a single one. */
  step?(step: 1 | -1): void
}
