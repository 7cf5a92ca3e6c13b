export interface ExportTarget {
  zoom(factor: number): void
  pan(right: number, down: number): void
  reset(): void
  toPng(): Promise<Blob>
  toSvg(): Promise<Blob>
  /** Base name of a saved file, without suffix. */
  name: string
  /** Steps to the next (1) or previous (-1) image of an array of images; missing for a single one. */
  step?(step: 1 | -1): void
}
