import { Bug } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

interface ErrorBoundaryProps {
  /** The part that failed, such as 'The window'. */
  what: string
  /** What still works, or how to continue. */
  advice: string
  /** Forgets what was kept of the part, which may be at fault; then it is drawn again. */
  reset?: () => void
  /** What is drawn: once that is something else, the part is drawn again. */
  drawn?: string
  children: ReactNode
}

interface ErrorBoundaryState {
  failed: boolean
  drawn: string | undefined
}

/** Replaces a part of the window that failed to render. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: false, drawn: undefined }

  static getDerivedStateFromError(): Partial<ErrorBoundaryState> {
    return { failed: true }
  }

  static getDerivedStateFromProps({ drawn }: ErrorBoundaryProps, state: ErrorBoundaryState): ErrorBoundaryState | null {
    return drawn === state.drawn ? null : { failed: false, drawn }
  }

  override render(): ReactNode {
    const { what, advice, reset, children } = this.props
    if (!this.state.failed) return children
    return (
      <EmptyState
        icon={Bug}
        title={`${what} could not be drawn`}
        warning
        actions={
          <>
            {reset && (
              <Button
                primary
                onClick={() => {
                  reset()
                  this.setState({ failed: false })
                }}
              >
                Reset
              </Button>
            )}
            <Button primary={!reset} onClick={() => location.reload()}>
              Reload the window
            </Button>
          </>
        }
      >
        This is a fault of NumPack Explorer. Your files are only read, never changed. {advice}
      </EmptyState>
    )
  }
}
