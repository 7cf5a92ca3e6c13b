import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Fragment, jsx, jsxs } from './jsx-runtime.ts'

const HOSTILE = 'a\u202eb'
const SHOWN = 'a\\u{202e}b'

test('the text of an element has its invisible characters escaped', () => {
  expect(renderToStaticMarkup(jsx('span', { children: HOSTILE }))).toBe(`<span>${SHOWN}</span>`)
  const list = jsxs('p', { children: ['in ', HOSTILE, [' and ', HOSTILE], 7] })
  expect(renderToStaticMarkup(list)).toBe(`<p>in ${SHOWN} and ${SHOWN}7</p>`)
  expect(renderToStaticMarkup(jsx(Fragment, { children: HOSTILE }))).toBe(SHOWN)
})

test('attributes that are shown or read out are escaped, and others stay exact', () => {
  const made = jsx('input', {
    title: HOSTILE,
    'aria-label': HOSTILE,
    placeholder: HOSTILE,
    value: HOSTILE,
    id: HOSTILE,
  })
  expect(made.props).toEqual({
    title: SHOWN,
    'aria-label': SHOWN,
    placeholder: SHOWN,
    value: HOSTILE,
    id: HOSTILE,
  })
})

const Inner = ({ children }: { children: string }) => jsx('b', { children })
const Outer = ({ title }: { title: string }) => jsx(Inner, { children: title })

test('text that goes through components is escaped once', () => {
  expect(renderToStaticMarkup(createElement(Outer, { title: HOSTILE }))).toBe(`<b>${SHOWN}</b>`)
})

test('source code, which escapes its own characters, is shown unchanged', () => {
  const code = 'load("a\\u202e")\nload("\\\\u{61}")'
  expect(jsx('code', { 'data-exact': true, children: code }).props).toMatchObject({ children: code })
})

test('props that need no escaping are not copied', () => {
  const props = { title: 'plain', children: ['one', 2] }
  expect(jsx('span', props).props).toBe(props)
})
