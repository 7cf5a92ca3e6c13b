import { removeFolder } from '../test-support/remove-folder.ts'
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NumPack } from '../storage/numpack.ts'
import { OPERATIONS, writeSample } from '../storage/test-support/operations.ts'
import { killedAtEachStep } from '../storage/test-support/watch-disk.ts'

/** A store in memory: the content of each file, the target of each link, null for an empty folder. */
export type StoreImage = Map<string, Uint8Array<ArrayBuffer> | { readonly link: string } | null>

const fixtures = fileURLToPath(new URL('../fixtures/stores/', import.meta.url))
const STORES = ['deleted.npk', 'dtypes.npk', 'names.npk', 'revived.npk', 'segmented.npk', 'shapes.npk']

export function readImage(folder: string): StoreImage {
  const image: StoreImage = new Map()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (entry.isSymbolicLink()) image.set(name, { link: readlinkSync(path) })
    else if (entry.isFile()) image.set(name, new Uint8Array(readFileSync(path)))
    else image.set(name, null)
  }
  return image
}

/** Replaces a folder with an image. Skips entries whose parent in the image is a file or a link. */
export function writeImage(folder: string, image: StoreImage): void {
  removeFolder(folder)
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of image) {
    if (!parentsOf(name).every(parent => (image.get(parent) ?? null) === null)) continue
    const path = join(folder, name)
    mkdirSync(content === null ? path : dirname(path), { recursive: true })
    if (content === null) continue
    if ('link' in content) symlinkSync(content.link, path)
    else writeFileSync(path, content)
  }
}

function parentsOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1)
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

export const fixtureImages = (): StoreImage[] => STORES.map(name => readImage(join(fixtures, name)))

/** Returns stores as writers leave them that are killed before each step of each operation. */
export function interruptedImages(folder: string): StoreImage[] {
  const images: StoreImage[] = []
  for (const [index, operation] of Object.values(OPERATIONS).entries()) {
    const path = join(folder, `interrupted-${index}.npk`)
    writeSample(path)
    using npk = NumPack.open(path)
    const copies = killedAtEachStep(path, () => operation(npk))
    for (const copy of copies) {
      images.push(readImage(copy))
      rmSync(copy, { recursive: true })
    }
    rmSync(path, { recursive: true })
  }
  return images
}
