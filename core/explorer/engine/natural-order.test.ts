import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NumPack } from '../../storage/numpack.ts'
import { NDArray } from '../../array/ndarray.ts'
import { OpenStore } from './open-store.ts'

test('arrays are listed in natural order: numbers by value, whatever the case of the letters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'order-'))
  try {
    const path = join(folder, 'a.npk')
    const names = ['layer_10', 'layer_2', 'Zeta', 'alpha', 'v1.10', 'v1.9', 'Alpha 2']
    const one = new NDArray('int8', [1], Int8Array.of(1))
    using store = NumPack.open(path)
    store.save(Object.fromEntries(names.map(name => [name, one])))
    const { arrays } = new OpenStore(1, path, 0).info()
    expect(arrays.map(({ name }) => name)).toEqual(['alpha', 'Alpha 2', 'layer_2', 'layer_10', 'v1.9', 'v1.10', 'Zeta'])
  } finally {
    removeFolder(folder)
  }
})
