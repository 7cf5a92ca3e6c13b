/** Returns the inherited enumerable properties of a new object, array and function: none, unless a prototype is polluted. */
export function inheritedProperties(): string[] {
  const names: string[] = []
  for (const value of [{}, [], () => {}]) for (const name in value) names.push(name)
  return names
}
