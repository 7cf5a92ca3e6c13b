import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { ignoreErrors } from './ignore-errors.ts'

/** O_ACCMODE */
const ACCESS_MODE = 0o3

const SHARED_WRITABLE = /^[0-9a-f]+-[0-9a-f]+ .w.s /

/**
 * Whether another process of this user has a file (real path) open for writing or mapped writable; false outside Linux.
 * It could change the file but not its time: some file systems note only the first write through a mapping.
 */
export function isOpenForWriting(paths: readonly string[]): boolean {
  if (process.platform !== 'linux') return false
  const wanted = new Set(paths)
  return processes().some(pid => writesTo(pid, wanted))
}

function processes(): string[] {
  let pids: string[] = []
  ignoreErrors(() => {
    pids = readdirSync('/proc').filter(name => /^\d+$/.test(name) && name !== String(process.pid))
  })
  return pids
}

/** Processes of other users can't be looked at, and processes end at any moment. */
function writesTo(pid: string, wanted: ReadonlySet<string>): boolean {
  let writes = false
  ignoreErrors(() => {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) writes ||= hasForWriting(pid, fd, wanted)
    if (!writes) writes = hasMapped(pid, wanted)
  })
  return writes
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
function hasMapped(pid: string, wanted: ReadonlySet<string>): boolean {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .some(line => SHARED_WRITABLE.test(line) && wanted.has(line.slice(line.indexOf('/'))))
}
