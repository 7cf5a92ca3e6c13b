import { type ArrayView, canShowIn, showIn } from '../model/array-views.ts'
import type { Command } from '../model/commands.ts'
import { VIEWS } from './views.ts'

const viewCommand = ({ id, commandTitle, key }: ArrayView): Command => ({
  id: `${id}View`,
  title: commandTitle,
  group: 'Pictures',
  key,
  enabled: app => canShowIn(app, id),
  run: app => showIn(app, id),
})

export const VIEW_COMMANDS: readonly Command[] = VIEWS.map(viewCommand)
