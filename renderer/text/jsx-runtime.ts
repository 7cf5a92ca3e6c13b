import { Fragment, jsx as reactJsx, jsxs as reactJsxs } from 'react/jsx-runtime'
import { visibleText } from '../../core/format/visible-text.ts'

/**
 * React's JSX runtime for the window and its libraries (renderer/vite.config.ts). It escapes invisible characters in
 * the text of elements, at the one place that all text passes. Paths that are copied and values of fields stay exact.
 */

type Props = Record<string, unknown>

const SHOWN_ATTRIBUTES = [
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'label',
  'placeholder',
  'title',
]

/** Marks an element whose text already escapes foreign characters: source code. */
const EXACT = 'data-exact'

/** Most texts: nothing in them needs escaping. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/

const shownText = (text: string): string => (PLAIN.test(text) ? text : visibleText(text))

function shownChildren(children: unknown): unknown {
  if (typeof children === 'string') return shownText(children)
  if (!Array.isArray(children)) return children
  const changed = children.map(shownChildren)
  return changed.some((child, i) => child !== children[i]) ? changed : children
}

/** Components pass their text on to elements, which escape it: escaping here as well would escape the escapes. */
function shownProps(type: unknown, props: Props): Props {
  if (type !== Fragment && typeof type !== 'string') return props
  if (EXACT in props) return props
  const changed: Props = {}
  for (const name of SHOWN_ATTRIBUTES) {
    const value = props[name]
    if (typeof value === 'string' && !PLAIN.test(value)) changed[name] = visibleText(value)
  }
  const children = shownChildren(props['children'])
  if (children !== props['children']) changed['children'] = children
  return Object.keys(changed).length > 0 ? { ...props, ...changed } : props
}

export { Fragment }
export const jsx: typeof reactJsx = (type, props, key) => reactJsx(type, shownProps(type, props as Props), key)
export const jsxs: typeof reactJsxs = (type, props, key) => reactJsxs(type, shownProps(type, props as Props), key)
