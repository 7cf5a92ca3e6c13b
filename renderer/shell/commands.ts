import { ARRAY_COMMANDS } from '../features/arrays/commands.ts'
import { DETAILS_COMMANDS } from '../features/details/commands.ts'
import { JOB_COMMANDS } from '../features/jobs/commands.ts'
import { PACKAGE_COMMANDS } from '../features/packages/commands.ts'
import { GRID_COMMANDS } from '../features/views/grid/commands.ts'
import { OPEN_COMMANDS } from '../features/welcome/commands.ts'
import type { Command } from '../model/commands.ts'
import { PROGRAM_COMMANDS } from './program-commands.ts'
import { ARRAY_PANE_COMMANDS } from './array/commands.ts'
import { PICTURE_COMMANDS } from './picture-commands.ts'
import { STORE_COMMANDS } from './store-commands.ts'
import { VIEW_COMMANDS } from './view-commands.ts'
import { WINDOW_COMMANDS } from './window-commands.ts'

export const COMMANDS: readonly Command[] = [
  ...OPEN_COMMANDS,
  ...STORE_COMMANDS,
  ...PACKAGE_COMMANDS,
  ...ARRAY_COMMANDS,
  ...GRID_COMMANDS,
  ...ARRAY_PANE_COMMANDS,
  ...VIEW_COMMANDS,
  ...PICTURE_COMMANDS,
  ...DETAILS_COMMANDS,
  ...JOB_COMMANDS,
  ...WINDOW_COMMANDS,
  ...PROGRAM_COMMANDS,
]
