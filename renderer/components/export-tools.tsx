import { Copy, Download, FileDown, Maximize } from 'lucide-react'
import { runCommand } from '../model/commands.ts'
import { useKeysOf } from '../model/use-commands.ts'
import { useApp } from '../model/hooks.ts'
import { IconButton } from '../ui/button.tsx'
import pictureStyles from './picture.module.css'

const TOOLS = [
  { command: 'zoomReset', icon: Maximize },
  { command: 'copyPicture', icon: Copy },
  { command: 'savePng', icon: Download },
  { command: 'saveSvg', icon: FileDown },
] as const

export function ExportTools() {
  const app = useApp()
  const keysOf = useKeysOf()
  return (
    <div className={pictureStyles['tools']}>
      {TOOLS.map(({ command, icon: Icon }) => (
        <IconButton
          key={command}
          label={app.commands.get(command).title}
          shortcut={keysOf(command)}
          onClick={() => runCommand(app, command)}
        >
          <Icon size={15} />
        </IconButton>
      ))}
    </div>
  )
}
