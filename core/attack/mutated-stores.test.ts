import { expect, test } from 'vitest'
import { patience, times } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const STORES = times(60_000, 300)

test(
  `${STORES} mutated stores are read and written with typed errors only, and no file outside is touched`,
  async () => {
    expect(await superviseAttack('mutated-stores.ts', STORES)).toEqual([])
  },
  patience(300),
)
