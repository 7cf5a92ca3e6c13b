export function focusField(id: string): boolean {
  const field = document.getElementById(id)
  if (!(field instanceof HTMLInputElement)) return false
  field.focus()
  field.select()
  return true
}
