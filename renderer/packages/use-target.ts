import { useEffect, useState } from 'react'
import type { Result } from '../../core/explorer/contract/types.ts'
import type { App } from '../state/app.ts'
import { sentence } from '../state/failures.ts'

type Checked = Result<'checkTarget'>

/** What the host says of a path that is being typed; null until it has said something about this one. */
export function useTarget(app: App, kind: 'backup' | 'unpack', source: string, target: string): Checked | null {
  const [answer, setAnswer] = useState<{ text: string; checked: Checked } | null>(null)
  useEffect(() => {
    if (target.trim() === '') return undefined
    const controller = new AbortController()
    const { signal } = controller
    app.bridge.request('checkTarget', { kind, source, target: target.trim() }, { signal }).then(
      ({ result }) => setAnswer({ text: target, checked: result }),
      (error: unknown) => {
        if (!signal.aborted) setAnswer({ text: target, checked: { target, taken: false, problem: sentence(error) } })
      },
    )
    return () => controller.abort()
  }, [app, kind, source, target])
  return answer?.text === target ? answer.checked : null
}
