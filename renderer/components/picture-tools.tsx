import { Copy, Download, FileDown, Maximize } from 'lucide-react'
import { runCommand, type CommandName, COMMANDS } from '../shell/commands.ts'
import { useKeysOf } from '../shell/use-keys.ts'
import { useApp } from '../model/hooks.ts'
import { IconButton } from '../ui/button.tsx'
import styles from '../features/views/plot/plot.module.css'

const TOOLS = [
  { command: 'zoomReset', icon: Maximize },
  { command: 'copyPicture', icon: Copy },
  { command: 'savePng', icon: Download },
  { command: 'saveSvg', icon: FileDown },
] as const satisfies { command: CommandName; icon: typeof Copy }[]

/** What can be done with any plot or image. */
export function PictureTools() {
  const app = useApp()
  const keysOf = useKeysOf()
  return (
    <div className={styles['tools']}>
      {TOOLS.map(({ command, icon: Icon }) => (
        <IconButton
          key={command}
          label={COMMANDS[command].title}
          keys={keysOf(command)}
          onClick={() => runCommand(app, command)}
        >
          <Icon size={15} />
        </IconButton>
      ))}
    </div>
  )
}
