import { configureGlobal } from 'fast-check'
import { seedFrom } from './seed.ts'

/** Setup of every unit test file: property tests use the same seed in each run; `PROPERTY_SEED=random` draws one. */
configureGlobal({ seed: seedFrom('PROPERTY_SEED') })
