// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Result } from '../../../core/explorer/contract/types.ts'
import { FakeHost, storeInfo } from '../../model/test-support/fake-host.ts'
import { openStore, renderPanel } from '../../model/test-support/render-panel.tsx'
import { LastBackup } from './last-backup.tsx'

type Backup = Result<'lastBackup'>['backup']

const BACKUP: NonNullable<Backup> = {
  path: '/usb/study.npkg',
  originalSize: 4000,
  packageSize: 1000,
  verified: Date.now(),
  file: 'whole',
  outdated: false,
}

function showBackup(backup: Backup) {
  const host = new FakeHost({ lastBackup: () => ({ result: { backup } }) })
  renderPanel(<LastBackup />, host, { store: openStore(storeInfo(1, '/data/study.npk')) })
  return host
}

test('the last backup says that it was verified, and leads to its package', async () => {
  showBackup(BACKUP)
  const section = await screen.findByRole('region', { name: 'Last backup' })
  expect(section.textContent).toContain('Verified')
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'study.npkg' }).disabled).toBe(false)
})

test('a backup whose file is gone can’t be opened, and says so', async () => {
  showBackup({ ...BACKUP, file: 'missing', outdated: true })
  expect(await screen.findByText('The backup file is missing')).toBeDefined()
  expect(screen.getByText('The store has changed since this backup')).toBeDefined()
  expect(screen.queryByText('Verified')).toBeNull()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'study.npkg' }).disabled).toBe(true)
})

test('a store that was never backed up shows no last backup', async () => {
  const host = showBackup(null)
  await act(async () => {})
  expect(host.paramsOf('lastBackup')).toHaveLength(1)
  expect(screen.queryByRole('region', { name: 'Last backup' })).toBeNull()
})

test('the backup is looked at again when the user comes back to the window', async () => {
  const host = showBackup(BACKUP)
  await screen.findByText('Verified')
  host.handlers.lastBackup = () => ({ result: { backup: { ...BACKUP, file: 'missing' } } })
  await act(async () => window.dispatchEvent(new Event('focus')))
  expect(await screen.findByText('The backup file is missing')).toBeDefined()
})
