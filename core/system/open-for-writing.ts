import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { ignoreErrors } from './ignore-errors.ts'

/** Access mode in the flags of an open file. */
const ACCESS_MODE = 0o3

/** Permissions of a memory mapping that is shared and writable. */
const SHARED_WRITABLE = /^[0-9a-f]+-[0-9a-f]+ .w.s /

/**
 * Whether another process has one of these files (real paths) open for writing or mapped into writable memory. Such a
 * process can change a file without changing its time: some file systems note the time of the first write through a
 * mapping only. Linux tells this of the processes of the same user; false on other systems.
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
