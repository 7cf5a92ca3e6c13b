import { expect, test } from 'vitest'
import { scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const READINGS_PER_RUN = 16
const RUNS = scaleCount(128_000 / READINGS_PER_RUN, { min: 80 })

test(
  `${RUNS * READINGS_PER_RUN} reads of a package never mix two contents while it is replaced`,
  async () => {
    expect(await superviseAttack('replaced-packages.ts', RUNS)).toEqual([])
  },
  scaleTimeout({ minutes: 20 }),
)
