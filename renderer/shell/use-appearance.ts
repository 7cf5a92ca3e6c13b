import { useEffect } from 'react'
import { visibleText } from '../../core/format/visible-text.ts'
import { useSession, useSettings } from '../model/hooks.ts'
import { activeStore } from '../model/session.ts'

export function useAppearance(): void {
  const theme = useSettings(settings => settings.theme)
  const name = useSession(session => activeStore(session)?.info.name)
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
  useEffect(() => {
    document.title = name === undefined ? 'NumPack Explorer' : visibleText(name)
  }, [name])
}
