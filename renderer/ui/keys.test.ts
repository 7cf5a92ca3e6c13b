import { describe, expect, test } from 'vitest'
import { type KeyPress, formatKeys, matchesKeys, worksInText } from './keys.ts'

const press = (change: Partial<KeyPress>): KeyPress => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  getModifierState: () => false,
  ...change,
})

describe('key chords', () => {
  test('a chord with Mod is Control, on a Mac Command', () => {
    const control = press({ key: 'k', ctrlKey: true })
    const command = press({ key: 'k', metaKey: true })
    expect([matchesKeys(control, 'Mod+K', false), matchesKeys(command, 'Mod+K', false)]).toEqual([true, false])
    expect([matchesKeys(control, 'Mod+K', true), matchesKeys(command, 'Mod+K', true)]).toEqual([false, true])
  })

  test('a chord with Alt goes by the character, on a Mac by the physical key, since Option changes the character', () => {
    expect(matchesKeys(press({ key: '∑', code: 'KeyW', altKey: true }), 'Alt+W', true)).toBe(true)
    // On a French keyboard the keys of W and Z have changed places.
    expect(matchesKeys(press({ key: 'w', code: 'KeyZ', altKey: true }), 'Alt+W', false)).toBe(true)
    expect(matchesKeys(press({ key: 'z', code: 'KeyW', altKey: true }), 'Alt+W', false)).toBe(false)
    expect(matchesKeys(press({ key: 'PageUp', code: 'Numpad9', altKey: true }), 'Alt+PageUp', false)).toBe(true)
    expect(matchesKeys(press({ key: 'PageUp', code: 'PageUp', altKey: true }), 'Alt+PageUp', false)).toBe(true)
    expect(matchesKeys(press({ key: 'w', code: 'KeyW' }), 'Alt+W', false)).toBe(false)
  })

  test.each([
    ['Russian', 'л', 'KeyK', 'K'],
    ['Russian with Caps Lock', 'Л', 'KeyK', 'K'],
    ['Greek', 'κ', 'KeyK', 'K'],
    ['Hebrew', 'ל', 'KeyK', 'K'],
    ['Korean', 'ㅏ', 'KeyK', 'K'],
    ['Arabic, where one key makes two characters', 'لا', 'KeyB', 'B'],
    ['Thai', 'ฟ', 'KeyA', 'A'],
  ])('on a layout without Latin letters (%s) the key %s at %s makes chords with %s', (_, key, code, letter) => {
    expect(matchesKeys(press({ key, code, ctrlKey: true }), `Mod+${letter}`, false)).toBe(true)
    expect(matchesKeys(press({ key, code, metaKey: true }), `Mod+${letter}`, true)).toBe(true)
    expect(matchesKeys(press({ key, code, altKey: true }), `Alt+${letter}`, false)).toBe(true)
    expect(matchesKeys(press({ key, code }), letter.toLowerCase(), false)).toBe(true)
  })

  test('a layout with Latin letters never goes by position, not even for letters that English lacks', () => {
    expect(matchesKeys(press({ key: 'ö', code: 'BracketLeft' }), '[', false)).toBe(false)
    expect(matchesKeys(press({ key: 't', code: 'KeyK', ctrlKey: true }), 'Mod+K', false)).toBe(false)
    expect(matchesKeys(press({ key: 'Process', code: 'KeyK' }), 'k', false)).toBe(false)
  })

  test('a character beside the letters makes its chord with the Shift that its keyboard needs for it', () => {
    // French: the digits are on Shift, and the key of 0 types à without it.
    expect(matchesKeys(press({ key: '0', code: 'Digit0', ctrlKey: true, shiftKey: true }), 'Mod+0', false)).toBe(true)
    expect(matchesKeys(press({ key: 'à', code: 'Digit0', ctrlKey: true }), 'Mod+0', false)).toBe(false)
    // German: = is Shift+0, and the plus has a key of its own. US: the plus is Shift and =.
    expect(matchesKeys(press({ key: '=', code: 'Digit0', ctrlKey: true, shiftKey: true }), 'Mod+=', false)).toBe(true)
    expect(matchesKeys(press({ key: '+', code: 'BracketRight', ctrlKey: true }), 'Mod+=', false)).toBe(true)
    expect(matchesKeys(press({ key: '+', code: 'Equal', ctrlKey: true, shiftKey: true }), 'Mod+=', false)).toBe(true)
    expect(matchesKeys(press({ key: '+', code: 'NumpadAdd', ctrlKey: true }), 'Mod+=', false)).toBe(true)
    expect(matchesKeys(press({ key: ')', code: 'Digit0', ctrlKey: true, shiftKey: true }), 'Mod+0', false)).toBe(false)
    // Persian digits are found by position.
    expect(matchesKeys(press({ key: '۰', code: 'Digit0', ctrlKey: true }), 'Mod+0', false)).toBe(true)
  })

  test('a chord with Shift needs it, in Cyrillic too', () => {
    const held = { ctrlKey: true, shiftKey: true }
    expect(matchesKeys(press({ key: 'N', code: 'KeyN', ...held }), 'Mod+Shift+N', false)).toBe(true)
    expect(matchesKeys(press({ key: 'Т', code: 'KeyN', ...held }), 'Mod+Shift+N', false)).toBe(true)
    expect(matchesKeys(press({ key: 'n', code: 'KeyN', ctrlKey: true }), 'Mod+Shift+N', false)).toBe(false)
    expect(matchesKeys(press({ key: 'N', code: 'KeyN', ...held }), 'Mod+N', false)).toBe(false)
  })

  test('a chord with Alt goes by the character on Dvorak, and by position on a Cyrillic keyboard', () => {
    expect(matchesKeys(press({ key: 'r', code: 'KeyO', altKey: true }), 'Alt+R', false)).toBe(true)
    expect(matchesKeys(press({ key: 'r', code: 'KeyO', altKey: true }), 'Alt+O', false)).toBe(false)
    expect(matchesKeys(press({ key: 'к', code: 'KeyR', altKey: true }), 'Alt+R', false)).toBe(true)
  })

  test('a chord does not match with further modifiers', () => {
    expect(matchesKeys(press({ key: 'K', ctrlKey: true, shiftKey: true }), 'Mod+K', false)).toBe(false)
    expect(matchesKeys(press({ key: 'k', ctrlKey: true, altKey: true }), 'Mod+K', false)).toBe(false)
  })
})

describe('single characters', () => {
  test('a single character matches however the keyboard makes it', () => {
    expect(matchesKeys(press({ key: '?', shiftKey: true }), '?', false)).toBe(true)
    const altGraph = press({ key: '[', ctrlKey: true, altKey: true, getModifierState: key => key === 'AltGraph' })
    expect(matchesKeys(altGraph, '[', false)).toBe(true)
  })

  test('on a Mac, Option makes characters, and never those of the position', () => {
    expect(matchesKeys(press({ key: '[', code: 'Digit5', altKey: true }), '[', true)).toBe(true)
    expect(matchesKeys(press({ key: '[', code: 'Digit5', altKey: true }), '[', false)).toBe(false)
    expect(matchesKeys(press({ key: '∑', code: 'KeyW', altKey: true }), 'w', true)).toBe(false)
  })

  test('digits, brackets and the question mark are found by position where the layout has none in ASCII', () => {
    expect(matchesKeys(press({ key: '۱', code: 'Digit1' }), '1', false)).toBe(true)
    expect(matchesKeys(press({ key: 'х', code: 'BracketLeft' }), '[', false)).toBe(true)
    expect(matchesKeys(press({ key: 'ъ', code: 'BracketRight' }), ']', false)).toBe(true)
    expect(matchesKeys(press({ key: '؟', code: 'Slash', shiftKey: true }), '?', false)).toBe(true)
    expect(matchesKeys(press({ key: 'Р', code: 'KeyH', shiftKey: true }), 'h', false)).toBe(false)
  })

  test('a single character matches with Caps Lock, but not with Shift, Control or Alt added', () => {
    expect(matchesKeys(press({ key: 'H' }), 'h', false)).toBe(true)
    expect(matchesKeys(press({ key: 'H', shiftKey: true }), 'h', false)).toBe(false)
    expect(matchesKeys(press({ key: 'h', ctrlKey: true }), 'h', false)).toBe(false)
    expect(matchesKeys(press({ key: 'h', altKey: true }), 'h', false)).toBe(false)
  })

  test('Escape works alone, also in text', () => {
    expect(matchesKeys(press({ key: 'Escape', code: 'Escape' }), 'Escape', false)).toBe(true)
    expect(matchesKeys(press({ key: 'Escape', code: 'Escape', shiftKey: true }), 'Escape', false)).toBe(false)
    expect(worksInText('Escape')).toBe(true)
  })

  test('a single character is text while the user types', () => {
    expect([worksInText('h'), worksInText('Mod+G')]).toEqual([false, true])
  })
})

test.each([
  ['Mod+K', 'Ctrl+K', '⌘K'],
  ['Alt+PageDown', 'Alt+Page Down', '⌥Page Down'],
  ['Mod+Shift+N', 'Ctrl+Shift+N', '⇧⌘N'],
  ['Mod+=', 'Ctrl+=', '⌘='],
  ['h', 'H', 'H'],
  ['Escape', 'Esc', 'Esc'],
])('the key %s is written %s, on a Mac %s', (keys, elsewhere, mac) => {
  expect([formatKeys(keys, false), formatKeys(keys, true)]).toEqual([elsewhere, mac])
})
