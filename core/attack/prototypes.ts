/** Returns the enumerable properties of every object, list and function: none, unless a prototype is polluted. */
export function pollutedPrototypes(): string[] {
  const found: string[] = []
  for (const value of [{}, [], () => {}]) for (const key in value) found.push(key)
  return found
}
