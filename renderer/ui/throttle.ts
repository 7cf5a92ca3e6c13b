export interface Throttled {
  (): void
  cancel: () => void
}

/** Calls `run` at once and then at most every `milliseconds`; calls in between are merged into one at the end. */
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
