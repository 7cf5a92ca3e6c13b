import { cpSync } from 'node:fs'
import { disk } from '../../system/files.ts'

export type Step = keyof typeof disk

/** Calls `before` at each step of `work` that changes the disk. Each write takes only half of its bytes. */
export function watchDisk<T>(before: (step: Step, args: readonly unknown[]) => void, work: () => T): T {
  const original = { ...disk }
  for (const step of Object.keys(original) as Step[]) {
    const doStep = original[step] as (...args: unknown[]) => unknown
    Object.assign(disk, {
      [step]: (...args: unknown[]) => {
        before(step, args)
        if (step === 'write') args[3] = Math.max(1, (args[3] as number) >> 1)
        return doStep(...args)
      },
    })
  }
  try {
    return work()
  } finally {
    Object.assign(disk, original)
  }
}

/** Returns copies of a folder from before each step, as a killed process would leave them. */
export function killedAtEachStep(folder: string, work: () => void): string[] {
  const copies: string[] = []
  watchDisk(() => {
    const copy = `${folder}-killed-${copies.length}`
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
    copies.push(copy)
  }, work)
  return copies
}
