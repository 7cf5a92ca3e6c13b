import { cpSync } from 'node:fs'
import { disk } from '../../system/files.ts'

/** Only for tests: steps that change a disk, one by one. */

export type Step = keyof typeof disk

/** Runs `work` and calls `before` at each step of it that changes a disk. Each write takes only half of what it is given. */
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

/** Runs `work` and returns copies of a folder from before each step, beside it, as a killed process would leave them. */
export function killedAtEachStep(folder: string, work: () => void): string[] {
  const copies: string[] = []
  watchDisk(() => {
    const copy = `${folder}-killed-${copies.length}`
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
    copies.push(copy)
  }, work)
  return copies
}
