import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './theme/tokens.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { connectToHost } from './bridge/connect.ts'
import { COMMANDS } from './shell/commands.ts'
import { VIEWS } from './shell/views.ts'
import { Window } from './shell/window.tsx'
import { createApp } from './model/app.ts'
import { AppContext } from './model/hooks.ts'
import { startApp } from './model/start.ts'
import { ErrorBoundary } from './ui/error-boundary.tsx'

// Load the font before the first grid: arriving later, it would cause a new layout while rows are awaited.
void document.fonts.load('12px "JetBrains Mono Variable"')

const app = createApp(connectToHost(), { commands: COMMANDS, views: VIEWS })
startApp(app)

createRoot(document.getElementById('root')!).render(
  <AppContext value={app}>
    <ErrorBoundary what="The window" advice="Reloading opens the stores again.">
      <Window />
    </ErrorBoundary>
  </AppContext>,
)
