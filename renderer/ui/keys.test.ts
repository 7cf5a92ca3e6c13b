import { describe, expect, test } from 'vitest'
import { type KeyPress, formatKeys, matchesKeys, workInText } from './keys.ts'

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

  test('a chord with Alt goes by the physical key, whatever character Option makes', () => {
    expect(matchesKeys(press({ key: '∑', code: 'KeyW', altKey: true }), 'Alt+W', true)).toBe(true)
    expect(matchesKeys(press({ key: 'PageUp', code: 'PageUp', altKey: true }), 'Alt+PageUp', false)).toBe(true)
    expect(matchesKeys(press({ key: 'w', code: 'KeyW' }), 'Alt+W', false)).toBe(false)
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

  test('a single character matches with Caps Lock, but not with Shift, Control or Alt added', () => {
    expect(matchesKeys(press({ key: 'H' }), 'h', false)).toBe(true)
    expect(matchesKeys(press({ key: 'H', shiftKey: true }), 'h', false)).toBe(false)
    expect(matchesKeys(press({ key: 'h', ctrlKey: true }), 'h', false)).toBe(false)
    expect(matchesKeys(press({ key: 'h', altKey: true }), 'h', false)).toBe(false)
  })

  test('a single character is text while the user types', () => {
    expect([workInText('h'), workInText('Mod+G')]).toEqual([false, true])
  })
})

test.each([
  ['Mod+K', 'Ctrl+K', '⌘K'],
  ['Alt+PageDown', 'Alt+Page Down', '⌥Page Down'],
  ['h', 'H', 'H'],
])('the key %s is written %s, on a Mac %s', (keys, elsewhere, mac) => {
  expect([formatKeys(keys, false), formatKeys(keys, true)]).toEqual([elsewhere, mac])
})
