import { expect, test } from 'vitest'
import { scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const PACKAGES = scaleCount(200_000, { min: 1000 })

test(
  `${PACKAGES} mutated packages are listed, verified, unpacked and opened with typed errors only and no leftovers`,
  async () => {
    expect(await superviseAttack('mutated-packages.ts', PACKAGES)).toEqual([])
  },
  scaleTimeout({ minutes: 60 }),
)
