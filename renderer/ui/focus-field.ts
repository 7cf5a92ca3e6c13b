/** Focuses a field and selects its text. Returns false when the field is not on screen. */
export function focusField(id: string): boolean {
  const field = document.getElementById(id)
  if (!(field instanceof HTMLInputElement)) return false
  field.focus()
  field.select()
  return true
}
