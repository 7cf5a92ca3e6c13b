import { expect, test } from 'vitest'
import { scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const REQUESTS_PER_RUN = 32
const RUNS = scaleCount(300_000 / REQUESTS_PER_RUN, { min: 30 })

test(
  `${RUNS * REQUESTS_PER_RUN} random requests of four windows are all answered, and errors are always typed`,
  async () => {
    expect(await superviseAttack('contract.ts', RUNS, { hangMs: 30_000 })).toEqual([])
  },
  scaleTimeout({ minutes: 60 }),
)
