import { expect, test } from 'vitest'
import { LINK_CASES } from './links.ts'
import { scaleCount, scaleTimeout } from '../test-support/attack-scale.ts'
import { superviseAttack } from './supervise.ts'

const CASES = Math.min(LINK_CASES, scaleCount(LINK_CASES, { min: 100 }))

test.runIf(process.platform === 'linux')(
  `no file outside a store is touched when one of its files is replaced by a link, folder, pipe, socket or device (${CASES} cases)`,
  async () => {
    expect(await superviseAttack('links.ts', CASES, { hangMs: 10_000 })).toEqual([])
  },
  scaleTimeout({ minutes: 10 }),
)
