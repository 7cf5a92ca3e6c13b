import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const module = JSON.stringify(new URL('../system/lock.ts', import.meta.url).href)

const programOf = (script: string): string[] => [
  process.execPath,
  '--input-type=module-typescript',
  '-e',
  `import { lockStore, withLock } from ${module}\n${script}`,
]

/** Tries once to lock a store in another process. `as` begins its command. Returns "locked" or the error's reason. */
export function tryToLock(store: string, as: readonly string[] = []): string {
  const script = `try {
    withLock(${JSON.stringify(store)}, () => console.log('locked'), { waitMs: 0 })
  } catch (error) {
    console.log(error.details.reason)
  }`
  const [program, ...args] = [...as, ...programOf(script)] as [string, ...string[]]
  return spawnSync(program, args, { encoding: 'utf8' }).stdout.trim()
}

/** Starts a process that locks a store until it is killed; its group may write to the lock. `as` begins its command. */
export async function startLockHolder(store: string, as: readonly string[] = []): Promise<ChildProcess> {
  const script = `process.umask(0o002)
    lockStore(${JSON.stringify(store)})
    console.log('ready')
    setInterval(() => {}, 1000)`
  const [program, ...args] = [...as, ...programOf(script)] as [string, ...string[]]
  const holder = spawn(program, args)
  await once(holder.stdout, 'data')
  return holder
}

export async function killHolder(holder: ChildProcess): Promise<void> {
  holder.kill('SIGKILL')
  await once(holder, 'close')
}
