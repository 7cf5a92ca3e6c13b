import { expect, test } from 'vitest'
import { patience, times } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const PACKAGES = times(200_000, 1000)

test(
  `${PACKAGES} mutated packages are listed, verified, unpacked and opened with typed errors only and no leftovers`,
  async () => {
    expect(await superviseAttack('mutated-packages.ts', PACKAGES)).toEqual([])
  },
  patience(60),
)
