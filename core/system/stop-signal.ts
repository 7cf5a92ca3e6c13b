const STOPPED = 0
const NEXT_TURN = 1

/** Stop flag in shared memory: each thread makes its own object of the same `memory`. */
export class StopSignal {
  readonly memory: SharedArrayBuffer
  protected readonly flags: Int32Array

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory
    this.flags = new Int32Array(memory)
  }

  get isStopped(): boolean {
    return Atomics.load(this.flags, STOPPED) !== 0
  }

  stop(): void {
    Atomics.store(this.flags, STOPPED, 1)
  }
}

/** Shared counter of turns: each turn is taken by one thread. */
export class SharedTurns extends StopSignal {
  take(): number {
    return Atomics.add(this.flags, NEXT_TURN, 1)
  }
}
