import { expect, test } from 'vitest'
import { scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const RUNS = scaleCount(5000, { min: 30 })

test.runIf(process.platform === 'linux')(
  `opening and closing ${4 * RUNS} stores and cancelling statistics and jobs releases all descriptors and threads`,
  async () => {
    expect(await superviseAttack('load.ts', RUNS, { hangMs: 60_000, mebibytes: 1000 })).toEqual([])
  },
  scaleTimeout({ minutes: 20 }),
)
