// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Answer, Job, PackageFacts, PackedFile } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../model/test-support/fake-host.ts'
import { openStore, renderPanel } from '../../model/test-support/render-panel.tsx'
import { PACKAGE_COMMANDS } from './commands.ts'
import { PackageView } from './package-view.tsx'

type Files = Answer<'listPackedFiles'>

const FACTS: PackageFacts = {
  version: 2,
  label: 'zstd',
  codecs: ['zstd'],
  fileCount: 2,
  originalSize: 4000,
  storedSize: 1000,
  packageSize: 1100,
  checksum: 0xbeef,
  lastModified: 1_700_000_000_000_000,
  fault: null,
}

const packed = (name: string, change: Partial<PackedFile> = {}): PackedFile => {
  return { name, originalSize: 2000, storedSize: 500, codec: 'zstd', windowsProblem: null, fault: null, ...change }
}

function showPackage(listPackedFiles: () => Files | Promise<Files>, change: Partial<PackageFacts> = {}) {
  const facts = { ...FACTS, ...change }
  const info = { ...storeInfo(1, '/data/study.npkg', [arrayInfo({ name: 'scores' })]), package: facts }
  const host = new FakeHost({
    listPackedFiles,
    suggestTarget: () => ({ result: { target: '/data/study.npk', taken: false, free: '/data/study.npk' } }),
  })
  const options = { commands: PACKAGE_COMMANDS, store: openStore(info, null) }
  return { ...renderPanel(<PackageView info={info} facts={facts} />, host, options), host }
}

test('a package names the files that can’t be unpacked on Windows', async () => {
  const windowsProblem = 'holds the character ":", which Windows refuses in file names'
  showPackage(() => ({
    result: { files: [packed('data_a.npkd'), packed('data_x:y.npkd', { windowsProblem })] },
  }))
  expect(await screen.findByText(/1 file can’t be unpacked on Windows.*: data_x:y\.npkd$/)).toBeDefined()
  expect(screen.getByTitle(/data_x:y\.npkd: can’t be unpacked on Windows, its name holds/)).toBeDefined()
})

test('a package shows its facts at once and its files when the host has listed them', async () => {
  const answer = Promise.withResolvers<Files>()
  showPackage(() => answer.promise)
  expect(screen.getByRole('heading', { name: 'study.npkg' })).toBeDefined()
  expect(screen.getByText('0000beef')).toBeDefined()
  expect(screen.queryByRole('table')).toBeNull()
  answer.resolve({
    result: {
      files: [
        packed('data_scores.npkd'),
        packed('metadata.npkm', { fault: { code: 'PACKAGE_DAMAGED', message: 'its checksum is wrong', details: {} } }),
      ],
    },
  })
  const [, scores, metadata] = within(await screen.findByRole('table', { name: 'Files in the package' })).getAllByRole(
    'row',
  )
  expect(within(scores!).getByRole('button', { name: 'scores' })).toBeDefined()
  expect(within(metadata!).getByLabelText('Damaged')).toBeDefined()
  expect(metadata!.textContent).toContain('Its checksum is wrong.')
})

test('a package whose files can’t be listed keeps its facts, and the reason is announced', async () => {
  const { app } = showPackage(() => {
    throw new BridgeError('IO', 'The disk does not answer.')
  })
  await vi.waitFor(() =>
    expect(app.notices.getState().list).toMatchObject([{ kind: 'error', message: 'The disk does not answer.' }]),
  )
  expect(screen.getByText('0000beef')).toBeDefined()
  expect(screen.queryByRole('table')).toBeNull()
})

test('a package that can’t be read says why and can’t be unpacked, but can be verified', async () => {
  const fault = { code: 'PACKAGE_DAMAGED', message: '/data/study.npkg: package ends early', details: {} }
  showPackage(() => ({ result: { files: [] } }), { fault })
  expect(screen.getByText(/ackage ends early\. What of it can be listed is listed below\./)).toBeDefined()
  expect(await screen.findByText('No files can be listed.')).toBeDefined()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Unpack…' }).disabled).toBe(true)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Verify' }).disabled).toBe(false)
})

test('Unpack asks where the store goes', async () => {
  const { user, app } = showPackage(() => ({ result: { files: [] } }))
  await user.click(screen.getByRole('button', { name: 'Unpack…' }))
  await vi.waitFor(() =>
    expect(app.dialogs.getState().open).toMatchObject({ kind: 'target', job: 'unpack', target: '/data/study.npk' }),
  )
})

test('sizes and counts that headers claim are marked as claims until the package is verified', async () => {
  const fault = { code: 'DAMAGED', message: 'file count beyond the file', details: {} }
  const files = { result: { files: [packed('data_scores.npkd')] } }
  showPackage(() => files, { fault, fileCount: 2 ** 31, originalSize: 99, packageSize: 2230 })
  expect(await screen.findByText('2,147,483,648 claimed, 1 listed')).toBeDefined()
  expect(screen.getByText('2.23 kB for 99 B claimed')).toBeDefined()
  expect(screen.getByText('2.23 kB, 2,253% of 99 B claimed')).toBeDefined()
})

test('a package that was verified has facts, not claims', async () => {
  const { app } = showPackage(() => ({ result: { files: [] } }), { originalSize: 2000, packageSize: 1000 })
  expect(screen.getByText('1.00 kB for 2.00 kB claimed')).toBeDefined()
  const verified: Job = {
    id: 1,
    kind: 'verify',
    params: { source: '/data/study.npkg' },
    state: 'done',
    progress: { bytesDone: 1, bytesTotal: 1, rate: 0, secondsLeft: null },
    results: 0,
    started: 0,
    ended: 0,
    result: {
      path: '/data/study.npkg',
      version: 2,
      fileCount: 0,
      files: [],
      storedChecksum: 0,
      computedChecksum: 0,
      fault: null,
      missingCount: 0,
      missingArrays: [],
    },
    error: null,
  }
  act(() => app.jobs.setState({ list: [verified] }))
  expect(screen.getByText('1.00 kB for 2.00 kB')).toBeDefined()
})
