import { Bug } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

interface ErrorBoundaryProps {
  /** The part that failed, such as 'The window'. */
  what: string
  /** What still works, or how to continue. */
  advice: string
  children: ReactNode
}

/** Replaces a part of the window that failed to render; another `key` tries again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    const { what, advice, children } = this.props
    if (!this.state.failed) return children
    return (
      <EmptyState
        icon={Bug}
        title={`${what} could not be drawn`}
        warning
        actions={
          <Button primary onClick={() => location.reload()}>
            Reload the window
          </Button>
        }
      >
        This is a fault of NumPack Explorer. Your files are only read, never changed. {advice}
      </EmptyState>
    )
  }
}
