import { type BackendInfo, getBackendInfo as storageBackend } from '../system/platform.ts'
import { type ZstdBackend, zstdBackend } from './zstd.ts'

/** Returns the system and the zstd of packages: `node` where `zstd-napi` couldn't be built or loaded. */
export const getBackendInfo = (): BackendInfo & { readonly zstd: ZstdBackend } => ({
  ...storageBackend(),
  zstd: zstdBackend(),
})
