import { Float16Array } from '@petamoriken/float16'

/** What the main process and the engine use and neither Node 12 nor the kit's shims have. */
Object.assign(globalThis, { Float16Array })
