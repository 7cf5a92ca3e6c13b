import { Inbox } from 'lucide-react'
import { CommandButton } from '../../components/command-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

export const EmptyStore = () => (
  <EmptyState icon={Inbox} title="This store has no arrays" actions={<CommandButton id="openFolder" />}>
    Arrays that you save into it from Python appear here.
  </EmptyState>
)
