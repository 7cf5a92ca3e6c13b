import { runCommand } from '../model/commands.ts'
import { useApp } from '../model/hooks.ts'
import { useKeysOf } from '../model/use-commands.ts'
import { Button } from '../ui/button.tsx'
import { Kbd } from '../ui/kbd.tsx'

export function CommandButton({ id }: { id: string }) {
  const app = useApp()
  const keysOf = useKeysOf()
  return (
    <Button onClick={() => runCommand(app, id)}>
      {app.commands.get(id).title} <Kbd>{keysOf(id)}</Kbd>
    </Button>
  )
}
