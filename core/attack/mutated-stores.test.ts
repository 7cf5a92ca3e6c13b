import { expect, test } from 'vitest'
import { scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const STORES = scaleCount(60_000, { min: 300 })

test(
  `${STORES} mutated stores are read and written with typed errors only, and no file outside is touched`,
  async () => {
    expect(await superviseAttack('mutated-stores.ts', STORES)).toEqual([])
  },
  scaleTimeout({ minutes: 300 }),
)
