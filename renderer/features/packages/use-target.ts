import { useEffect, useState } from 'react'
import type { Result } from '../../../core/explorer/contract/types.ts'
import type { App } from '../../model/app.ts'
import { errorMessage } from '../../model/error-message.ts'

type CheckedTarget = Result<'checkTarget'>

export async function checkTarget(
  app: App,
  kind: 'backup' | 'unpack',
  source: string,
  target: string,
  signal?: AbortSignal,
): Promise<CheckedTarget> {
  try {
    const params = { kind, source, target: target.trim() }
    return (await app.bridge.request('checkTarget', params, signal && { signal })).result
  } catch (error) {
    return { target, taken: false, problem: errorMessage(error) }
  }
}

/** Checks a destination while it is being typed; null until the host has answered for the current text. */
export function useTarget(app: App, kind: 'backup' | 'unpack', source: string, target: string): CheckedTarget | null {
  const [answer, setAnswer] = useState<{ text: string; checked: CheckedTarget } | null>(null)
  useEffect(() => {
    if (target.trim() === '') return undefined
    const controller = new AbortController()
    const { signal } = controller
    const check = async (): Promise<void> => {
      const checked = await checkTarget(app, kind, source, target, signal)
      if (!signal.aborted) setAnswer({ text: target, checked })
    }
    void check()
    return () => controller.abort()
  }, [app, kind, source, target])
  return answer?.text === target ? answer.checked : null
}
