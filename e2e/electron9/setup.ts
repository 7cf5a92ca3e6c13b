import { existsSync } from 'node:fs'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startDisplay } from './display.ts'
import { buildForElectron9 } from './test-build.ts'

/** What the tests need to start the window, or a sentence that says what is missing: they are then skipped. */
export type Stage = { program: string; shims: string; display: string } | { missing: string }

declare module 'vitest' {
  interface ProvidedContext {
    stage: Stage
  }
}

function findElectron9(): { program: string; shims: string } | { missing: string } {
  const program = process.env['ELECTRON9'] ?? ''
  if (!existsSync(program)) return { missing: 'no Electron 9.4.1 here: set ELECTRON9 to its program' }
  const shims = path.join(process.env['NUMPACK_SHARED'] ?? '', 'electron/shims')
  if (!existsSync(shims))
    return { missing: 'no shims for Electron 9.4.1 here: set NUMPACK_SHARED to the folder that has electron/shims' }
  return { program, shims }
}

export default async function setup(project: TestProject): Promise<(() => void) | undefined> {
  const found = findElectron9()
  if ('missing' in found) {
    project.provide('stage', found)
    return undefined
  }
  await buildForElectron9()
  const { display, end } = await startDisplay()
  project.provide('stage', { ...found, display })
  return end
}
