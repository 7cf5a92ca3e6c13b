import { useEffect, useState } from 'react'
import { useSettings } from '../model/hooks.ts'

const TOKENS = ['ink', 'ink-2', 'ink-3', 'line', 'line-soft', 'bg', 'raise', 'accent', 'deleted'] as const
const LINES = 8

export interface Colours extends Record<(typeof TOKENS)[number], string> {
  lines: readonly string[]
}

function coloursOf(element: HTMLElement): Colours {
  const probe = document.createElement('span')
  element.append(probe)
  const colour = (token: string): string => {
    probe.style.color = `var(--${token})`
    return getComputedStyle(probe).color
  }
  const tokens = Object.fromEntries(TOKENS.map(token => [token, colour(token)])) as Record<
    (typeof TOKENS)[number],
    string
  >
  const lines = Array.from({ length: LINES }, (_, i) => colour(`plot-${i + 1}`))
  probe.remove()
  return { ...tokens, lines }
}

export function useColours(): Colours {
  const theme = useSettings(settings => settings.theme)
  const [colours, setColours] = useState(() => coloursOf(document.body))
  useEffect(() => {
    const update = (): void => setColours(coloursOf(document.body))
    const dark = matchMedia('(prefers-color-scheme: dark)')
    // Another effect puts the theme on the document.
    const frame = requestAnimationFrame(update)
    dark.addEventListener('change', update)
    return () => {
      cancelAnimationFrame(frame)
      dark.removeEventListener('change', update)
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another theme is what makes the colours other ones
  }, [theme])
  return colours
}
