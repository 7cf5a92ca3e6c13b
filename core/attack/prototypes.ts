/** What can be enumerated in every object, list and function: nothing, unless a prototype is polluted. */
export function pollutedPrototypes(): string[] {
  const found: string[] = []
  for (const value of [{}, [], () => {}]) for (const key in value) found.push(key)
  return found
}
