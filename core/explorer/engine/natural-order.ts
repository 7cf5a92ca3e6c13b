const collator = new Intl.Collator('en', { numeric: true })

/** Compares names as people sort them: numbers in them by value, letters by the alphabet before their case. */
export function compareNames(a: string, b: string): number {
  // Names that differ only in how they are encoded need an order too.
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
