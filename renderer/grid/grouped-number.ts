/** Formats an integer of at least 0 with commas between thousands. */
export function formatGroupedNumber(value: number): string {
  const digits = String(value)
  let text = digits.slice(0, digits.length % 3 || 3)
  for (let at = text.length; at < digits.length; at += 3) text += `,${digits.slice(at, at + 3)}`
  return text
}
