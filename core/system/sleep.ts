const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Blocks this thread. */
export const sleep = (milliseconds: number): void => void Atomics.wait(nothing, 0, 0, milliseconds)
