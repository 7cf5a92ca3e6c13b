import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { formatElement, viewOf } from '../format/text.ts'
import { noOracle, runPython } from './python.ts'
import { seed } from './random.ts'
import { scratchFolder } from './scratch.ts'

/** Set ORACLE_TEXTS=1000000 for a test of about a minute. */
const COUNT = Number(process.env['ORACLE_TEXTS'] ?? 30_000)

describe(`NumPy's spelling (ORACLE_SEED=${seed}; ${noOracle ?? 'judged by NumPy'})`, () => {
  beforeEach(ctx => ctx.skip(noOracle !== null, noOracle ?? ''))

  test(`every float16 and ${COUNT} float32 and float64 of each kind have NumPy's text`, () => {
    using folder = scratchFolder()
    runPython('generate_texts.py', folder.path, seed, COUNT)
    for (const dtype of ['float16', 'float32', 'float64'] as const) {
      const bytes = Uint8Array.from(readFileSync(join(folder.path, `${dtype}.bin`)))
      const texts = readFileSync(join(folder.path, `${dtype}.txt`), 'utf8').split('\n')
      const data = viewOf(dtype, bytes.buffer)
      expect(data.length).toBe(texts.length)
      const wrong = texts.flatMap((text, i) => {
        const ours = formatElement(dtype, data, i)
        return ours === text ? [] : [`${dtype} ${i}: ${ours} instead of ${text}`]
      })
      expect(wrong.slice(0, 10)).toEqual([])
    }
  })
})
