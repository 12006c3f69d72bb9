// Holds the failure of a part of the page in that part: the others, and a run that is on, go on.
import { Component, type ReactNode } from 'react'
import { TriangleAlert } from 'lucide-react'
import { Button } from './button.tsx'
import { EmptyState } from './feedback.tsx'

interface BoundaryState {
  /** What was thrown, in words. */
  message?: string
}

interface BoundaryProps {
  /** What failed, as its title says it. */
  title: string
  /** Told of a failure, of which nothing is drawn then. */
  onFail?: (message: string) => void
  children: ReactNode
}

/** Draws `children`; when they throw, says so and offers to draw them anew. React has classes only for this. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = {}

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { message: thrown instanceof Error ? thrown.message : 'Something was thrown' }
  }

  override componentDidCatch(): void {
    const { message } = this.state
    if (message !== undefined) this.props.onFail?.(message)
  }

  override render(): ReactNode {
    const { title, onFail, children } = this.props
    const { message } = this.state
    if (message === undefined) return children
    if (onFail) return null
    return (
      <EmptyState icon={<TriangleAlert size={28} />} title={`${title} could not be shown`}>
        <p role="alert">
          {message}. Your files are not touched, and a run that is on goes on. If it fails again,
          reload the page.
        </p>
        <Button onClick={() => this.setState({ message: undefined })}>Try again</Button>
      </EmptyState>
    )
  }
}
