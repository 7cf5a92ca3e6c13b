import { Bug } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** Stands in for a window that failed to draw. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <EmptyState
        icon={Bug}
        title="The window could not be drawn"
        warning
        actions={
          <Button primary onClick={() => location.reload()}>
            Reload the window
          </Button>
        }
      >
        This is a fault of NumPack Explorer. Your files are only read, never changed. Reloading opens the stores again.
      </EmptyState>
    )
  }
}
