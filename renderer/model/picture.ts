/** A plot or an image on screen, for the commands that act on it. */
export interface Picture {
  /** Enlarges (above 1) or shrinks what is shown by a factor, around its middle. */
  zoom(factor: number): void
  /** Moves by a share of what is shown. */
  pan(right: number, down: number): void
  /** Shows everything again. */
  reset(): void
  /** The picture as it is on screen. */
  toPng(): Promise<Blob>
  toSvg(): Promise<Blob>
  /** What a file of it is called, without suffix. */
  name: string
  /** Steps to the next (1) or previous (-1) picture of an array of pictures; missing where there is one. */
  step?(step: 1 | -1): void
}
