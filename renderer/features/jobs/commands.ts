import type { Command } from '../../model/commands.ts'

export const JOB_COMMANDS: readonly Command[] = [
  {
    id: 'showJobs',
    title: 'Jobs',
    group: 'Window',
    key: 'Mod+J',
    run: app => app.jobs.setState(({ panelOpen }) => ({ panelOpen: !panelOpen })),
  },
]
