import { expect, test } from 'vitest'
import { patience, times } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

/** Each opens four stores; every third starts figures, every tenth a job. */
const RUNS = times(5000, 30)

test.runIf(process.platform === 'linux')(
  `${4 * RUNS} stores opened and closed, figures and jobs cancelled: descriptors and threads are given back`,
  async () => {
    expect(await superviseAttack('load.ts', RUNS, { hangMs: 60_000, mebibytes: 1000 })).toEqual([])
  },
  patience(20),
)
