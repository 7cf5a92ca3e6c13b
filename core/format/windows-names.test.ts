import { expect, test } from 'vitest'
import { nameProblem } from './names.ts'
import { windowsNameProblem, windowsNameProblems } from './windows-names.ts'

test.each(['CON', 'nul.txt', 'Com1', 'lpt9', 'aux', 'end.', 'end ', 'a:b', 'a<b', '"', 'a\nb'])(
  'the name %j is allowed, but Windows refuses it',
  name => {
    expect(nameProblem(name)).toBeNull()
    expect(windowsNameProblem(name)).toEqual(expect.any(String))
  },
)

test.each(['', 'plain', 'with space', '.hidden', 'console', 'com10', 'эмбеддинги'])(
  'the name %j is one that Windows takes',
  name => expect(windowsNameProblem(name)).toBeNull(),
)

test('of names that Windows takes for one, the later ones are a problem, and so is each that it refuses', () => {
  const names = ['data_a.npkd', 'data_B.npkd', 'data_A.npkd', 'data_x:y.npkd', 'deleted_a.npkb', 'DATA_b.npkd']
  expect([...windowsNameProblems(names)]).toEqual([
    ['data_A.npkd', expect.stringContaining("only in case from 'data_a.npkd'")],
    ['data_x:y.npkd', expect.stringContaining('":"')],
    ['DATA_b.npkd', expect.stringContaining("only in case from 'data_B.npkd'")],
  ])
})
