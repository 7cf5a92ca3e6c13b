export interface Throttled {
  (): void
  /** Forgets a call that still waits. */
  cancel: () => void
}

/** Calls `run` at once and then at most every `milliseconds`; the last of the calls in between is made up for. */
export function throttle(run: () => void, milliseconds: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting = false
  const next = (): void => {
    timer = undefined
    if (!waiting) return
    waiting = false
    call()
  }
  const call = (): void => {
    if (timer !== undefined) {
      waiting = true
      return
    }
    timer = setTimeout(next, milliseconds)
    run()
  }
  const cancel = (): void => {
    clearTimeout(timer)
    timer = undefined
    waiting = false
  }
  return Object.assign(call, { cancel })
}
