/** From so many places on, two axes look like a picture and not like a list of colours. */
const PICTURE_SIDE = 5

export const isChannels = (size: number | undefined): boolean => size === 3 || size === 4

export const isPicture = (height: number, width: number): boolean => height >= PICTURE_SIDE && width >= PICTURE_SIDE

export const hasChannelsLast = (shape: readonly number[]): boolean =>
  shape.length >= 3 && isChannels(shape.at(-1)) && isPicture(shape.at(-3)!, shape.at(-2)!)
