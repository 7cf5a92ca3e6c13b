import { expect, test } from 'vitest'
import type { ArrayInfo, StoreInfo } from '../../../../core/explorer/contract/types.ts'
import { codeFor } from './generated-code.ts'

const NAME = 'a\u202eb\u{e0041}\\ud83d\\ude00"\n'
const store = { path: `/data/${NAME}.npk`, name: `${NAME}.npk`, package: null } as StoreInfo
const array = { name: NAME, shape: [3] } as unknown as ArrayInfo

test('generated code escapes invisible characters, each language in its own way', () => {
  expect(codeFor('TypeScript', store, array)).toContain(String.raw`load("a\u202eb\udb40\udc41\\ud83d\\ude00\"\n", `)
  expect(codeFor('Python', store, array)).toContain(String.raw`load("a\u202eb\U000e0041\\ud83d\\ude00\"\n", `)
})
