import { configureGlobal } from 'fast-check'
import { seedFrom } from './seed.ts'

/** Setup file of all Node suites: property tests start from seed 1; `PROPERTY_SEED` sets another, or `random` draws one. */
configureGlobal({ seed: seedFrom('PROPERTY_SEED') })
