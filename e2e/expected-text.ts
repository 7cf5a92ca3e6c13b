/** An element in expected.json, as NumPy formats it in full precision; a complex one in two parts. */
export type ExpectedText = string | [re: string, im: string]

export function cellText(text: ExpectedText): string {
  const [re, im] = typeof text === 'string' ? [text, null] : text
  if (im === null) return re.replaceAll('-', '\u2212')
  const size = im.replace(/^-/, '')
  const joined = `${re} ${im.startsWith('-') ? '-' : '+'} ${/^\d/.test(size) ? size : `${size} `}i`
  return joined.replaceAll('-', '\u2212')
}

export function copiedText(text: ExpectedText): string {
  if (typeof text === 'string') return text
  const [re, im] = text
  return `${re}${im.startsWith('-') ? '' : '+'}${im}j`
}
