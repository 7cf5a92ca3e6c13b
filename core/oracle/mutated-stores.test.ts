import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { NumPackError } from '../format/errors.ts'
import { NumPack } from '../storage/numpack.ts'
import { watchAllocations } from '../test-support/allocations.ts'
import { bytesOf } from './arrays.ts'
import { mutate } from './mutate.ts'
import { PATIENCE, randomFrom, seed } from './random.ts'
import { isTorn, referenceElements, referenceMetadata } from './reference.ts'
import { scratchFolder } from './scratch.ts'

const RUNS = 2500
const STORES = ['deleted.npk', 'segmented.npk', 'shapes.npk', 'names.npk', 'revived.npk']
/** The engine's own buffers, whose size does not depend on files. */
const OWN_BUFFERS = 2 ** 19

const fixtures = fileURLToPath(new URL('../fixtures/stores/', import.meta.url))

type Answer = Map<string, string> | string

const code = (error: unknown): string => {
  if (error instanceof NumPackError) return error.code
  throw error
}

function answerOf(store: string): Answer {
  try {
    using npk = NumPack.open(store, { readOnly: true })
    const load = (name: string): string => {
      try {
        return bytesOf(npk.load(name)).toString('hex')
      } catch (error) {
        return code(error)
      }
    }
    return new Map(npk.getMemberList().map(name => [name, load(name)]))
  } catch (error) {
    return code(error)
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(file => join(folder, file))
    .filter(path => statSync(path).isFile())

test(
  `${RUNS} stores with a mutated file are read correctly or refused (ORACLE_SEED=${seed})`,
  () => {
    using scratch = scratchFolder()
    cpSync(fixtures, scratch.path, { recursive: true })
    const stores = STORES.map(name => {
      const path = join(scratch.path, name)
      const files = filesIn(path)
      return { path, files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) }
    })
    const random = randomFrom(seed)
    let loaded = 0
    let refused = 0
    for (let run = 0; run < RUNS; run++) {
      const { path, files, bytes } = random.pick(stores)
      const metadata = files.find(file => file.endsWith('metadata.npkm'))
      const file = random.below(3) === 0 ? metadata! : random.pick(files)
      const original = readFileSync(file)
      const mutated = mutate(original, random, [original])
      writeFileSync(file, mutated)
      const where = `run ${run} of seed ${seed}: ${file} holds (base64) ${Buffer.from(mutated).toString('base64')}`
      const { result, largest } = watchAllocations(() => answerOf(path))
      expect(largest, where).toBeLessThanOrEqual(Math.max(bytes + mutated.length, OWN_BUFFERS))
      const records = referenceMetadata(readFileSync(metadata!))
      expect(typeof result === 'string', where).toBe(records === null)
      for (const [name, elements] of typeof result === 'string' ? [] : result) {
        // Codes are in capitals, hexadecimal is not.
        if (/[A-Z]/.test(elements)) {
          refused++
          continue
        }
        loaded++
        // The last, incomplete word of a torn bitmap does not define any rows.
        if (isTorn(path, records!.get(name)!)) continue
        expect(elements, where).toBe(referenceElements(path, records!.get(name)!)?.toString('hex'))
      }
      writeFileSync(file, original)
    }
    expect(loaded).toBeGreaterThan(RUNS)
    expect(refused).toBeGreaterThan(RUNS / 20)
  },
  PATIENCE,
)
