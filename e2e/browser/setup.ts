import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { findChromium } from './chromium.ts'

export default async function setup(): Promise<void> {
  await findChromium()
  execFileSync(process.execPath, ['electron/build/build.ts'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    stdio: 'inherit',
  })
}
