/** Runs `work`, awaits its promise, if any, runs `finish`, and always disposes the resource. */
export function runWith<R extends Disposable, T>(
  resource: R,
  work: (resource: R) => T,
  finish: (resource: R) => void,
): T {
  let waits = false
  const end = (): void => resource[Symbol.dispose]()
  try {
    const result = work(resource)
    if (result instanceof Promise) {
      waits = true
      return result
        .then(value => {
          finish(resource)
          return value as unknown
        })
        .finally(end) as T
    }
    finish(resource)
    return result
  } finally {
    if (!waits) end()
  }
}
