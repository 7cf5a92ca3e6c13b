import { type BackendInfo, getBackendInfo as getSystemInfo } from '../system/platform.ts'
import { type ZstdBackend, zstdBackend } from './zstd.ts'

/** Describes the platform, the versions and the zstd that packages use: `node` if `zstd-napi` couldn't be built or loaded. */
export const getBackendInfo = (): BackendInfo & { readonly zstd: ZstdBackend } => ({
  ...getSystemInfo(),
  zstd: zstdBackend(),
})
