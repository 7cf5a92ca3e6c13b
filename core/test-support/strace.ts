import { spawnSync } from 'node:child_process'

/** Why strace can't make system calls fail here; null when it can. */
export function noStrace(): string | null {
  const inject = ['-qq', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true']
  return spawnSync('strace', inject).status === 0 ? null : 'system calls can only be made to fail with strace'
}
