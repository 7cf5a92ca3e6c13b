import path from 'node:path'
import { build, type Configuration, Platform } from 'electron-builder'
import { APP } from './test-build.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

async function pack(program: string, output: string, changes: Configuration): Promise<string> {
  await build({
    projectDir: ROOT,
    targets: Platform.LINUX.createTarget('dir'),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      electronVersion: '9.4.1',
      electronDist: path.dirname(program),
      // Electron 9 has no fuses.
      electronFuses: null,
      ...changes,
      directories: { output, ...changes.directories },
    },
  })
  return path.join(output, 'linux-unpacked')
}

/** Packs the product from dist/. Electron 9 can't run it, but its contents can be examined. */
export const packProduct = (program: string, output: string): Promise<string> => pack(program, output, {})

export const packTestBuild = (program: string, shims: string, output: string): Promise<string> =>
  pack(program, output, {
    // Electron 9 finds no shims inside an archive.
    asar: false,
    directories: { app: path.relative(ROOT, APP) },
    files: ['electron9-main.js'],
    extraMetadata: { main: 'electron9-main.js' },
    extraResources: [
      { from: shims, to: 'shims' },
      { from: path.join(ROOT, 'node_modules/core-js'), to: 'shims/node_modules/core-js' },
      { from: path.join(import.meta.dirname, 'worker-names.cjs'), to: 'worker-names.cjs' },
    ],
  })
