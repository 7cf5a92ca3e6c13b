/** The NumPack whose format this is. */
export const NUMPACK_VERSION = '0.7.0'

/** Format version of `metadata.npkm`, the only one. */
export const METADATA_VERSION = 1

/** The newest format version of packages. */
export const PACKAGE_VERSION = 2
