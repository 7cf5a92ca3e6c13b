import { MENU_COMMANDS } from '../../../core/explorer/contract/commands.ts'
import type { Command } from '../../model/commands.ts'

export const JOB_COMMANDS: readonly Command[] = [
  {
    id: 'showJobs',
    title: 'Jobs',
    group: 'Window',
    key: MENU_COMMANDS.showJobs.key,
    run: app => app.jobs.setState(({ panelOpen }) => ({ panelOpen: !panelOpen })),
  },
]
