// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Answer, Params } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { FakeHost } from '../../model/test-support/fake-host.ts'
import { renderPanel } from '../../model/test-support/render-panel.tsx'
import { TargetDialog } from './target-dialog.tsx'

type Checked = Answer<'checkTarget'>

const found = ({ target }: { target: string }): Checked => {
  return { result: { target, taken: target === '/usb/study.npkg', problem: null } }
}

function askTarget(checkTarget: (params: Params<'checkTarget'>) => Checked | Promise<Checked> = found) {
  const host = new FakeHost({ checkTarget, setPreference: () => ({ result: {} }) })
  const onClose = vi.fn<() => void>()
  const dialog = (
    <TargetDialog
      job="backup"
      source="/data/study.npk"
      target="/data/study (2).npkg"
      taken="/data/study.npkg"
      onClose={onClose}
    />
  )
  return { ...renderPanel(dialog, host), host, onClose }
}

const startButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Back up' })
const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Write the package to' })

test('the target dialog starts in its field, with the proposed name and the reason for it', () => {
  askTarget()
  expect(screen.getByRole('dialog', { name: 'Back up study.npk' })).toBeDefined()
  expect(document.activeElement).toBe(field())
  expect(field().value).toBe('/data/study (2).npkg')
  expect(screen.getByText(/is there already\./).textContent).toContain('study.npkg is there already.')
})

test('a target that is taken starts nothing until the user chooses to replace it', async () => {
  const { user, host, onClose } = askTarget()
  await user.clear(field())
  expect(startButton().disabled).toBe(true)
  await user.type(field(), '/usb/study.npkg')
  const replace = await screen.findByRole('checkbox', { name: 'Replace the existing file' })
  expect(startButton().disabled).toBe(true)
  await user.click(replace)
  await user.click(startButton())
  expect(onClose).toHaveBeenCalledOnce()
  await vi.waitFor(() =>
    expect(host.paramsOf('startTask')).toEqual([
      { kind: 'backup', params: { source: '/data/study.npk', target: '/usb/study.npkg', overwrite: true } },
    ]),
  )
})

test('why a target can’t be used stands below the field, also when the host does not say it', async () => {
  const { user } = askTarget(({ target }) => {
    if (target.startsWith('/usb')) throw new BridgeError('IO', 'The disk does not answer.')
    return { result: { target, taken: false, problem: 'There is no such folder.' } }
  })
  expect(await screen.findByText('There is no such folder.')).toBeDefined()
  expect(startButton().disabled).toBe(true)
  await user.clear(field())
  await user.type(field(), '/usb/a.npkg')
  expect(await screen.findByText('The disk does not answer.')).toBeDefined()
  expect(startButton().disabled).toBe(true)
})

test('Enter before the host has checked the target starts the backup once it is checked', async () => {
  const answer = Promise.withResolvers<Checked>()
  const { user, host, onClose } = askTarget(() => answer.promise)
  await user.type(field(), '{Enter}')
  expect(onClose).not.toHaveBeenCalled()
  answer.resolve(found({ target: '/data/study (2).npkg' }))
  await vi.waitFor(() => expect(host.paramsOf('startTask')).toHaveLength(1))
  expect(onClose).toHaveBeenCalledOnce()
})

test('Escape closes the target dialog and starts nothing', async () => {
  const { user, host, onClose } = askTarget()
  await user.keyboard('{Escape}')
  expect(onClose).toHaveBeenCalledOnce()
  expect(host.paramsOf('startTask')).toEqual([])
})
