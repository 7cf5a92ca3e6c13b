import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { ignoreErrors } from './ignore-errors.ts'

/** O_ACCMODE */
const ACCESS_MODE = 0o3

const SHARED_WRITABLE = /^[0-9a-f]+-[0-9a-f]+ .w.s /

/** Bounds the time for root, who sees all users' descriptors and mappings: about 10 µs each. */
const MOST_LOOKS = 100_000

/**
 * Whether another process of this user has a file (real path) open for writing or mapped writable; false outside Linux,
 * true if there is too much to look at. It could change the file but not its time: some file systems note only the
 * first write through a mapping.
 */
export function isOpenForWriting(paths: readonly string[], mostLooks = MOST_LOOKS): boolean {
  if (process.platform !== 'linux') return false
  const wanted = new Set(paths)
  let left = mostLooks
  for (const pid of processes()) {
    const fds = descriptorsOf(pid)
    left -= fds.length
    if (left < 0 || fds.some(fd => hasForWriting(pid, fd, wanted))) return true
    const mappings = mappingsOf(pid)
    left -= mappings.length
    if (left < 0 || mappings.some(mapping => isWritable(mapping, wanted))) return true
  }
  return false
}

function processes(): string[] {
  let pids: string[] = []
  ignoreErrors(() => {
    pids = readdirSync('/proc').filter(name => /^\d+$/.test(name) && name !== String(process.pid))
  })
  return pids
}

/** Returns none for processes of other users, which can't be looked at, and for one that has ended. */
function descriptorsOf(pid: string): string[] {
  let fds: string[] = []
  ignoreErrors(() => {
    fds = readdirSync(`/proc/${pid}/fd`)
  })
  return fds
}

function hasForWriting(pid: string, fd: string, wanted: ReadonlySet<string>): boolean {
  let writes = false
  ignoreErrors(() => {
    if (!wanted.has(readlinkSync(`/proc/${pid}/fd/${fd}`))) return
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0'
    writes = (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0
  })
  return writes
}

/** A mapping outlives the descriptor that it was made from. */
function mappingsOf(pid: string): string[] {
  let maps = ''
  ignoreErrors(() => {
    maps = readFileSync(`/proc/${pid}/maps`, 'utf8')
  })
  return maps.split('\n')
}

const isWritable = (mapping: string, wanted: ReadonlySet<string>): boolean =>
  SHARED_WRITABLE.test(mapping) && wanted.has(mapping.slice(mapping.indexOf('/')))
