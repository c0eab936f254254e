import { Component, type ErrorInfo, type ReactNode } from 'react';
import styles from './error-boundary.module.css';

export interface ErrorBoundaryProps {
  /** What failed, for the message: "The Weights tab". */
  readonly name: string;
  onError(message: string): void;
  readonly children: ReactNode;
}

/** Keeps a defect of one panel inside that panel: the rest of the window stays usable. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: unknown): { readonly message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(error: Error, _info: ErrorInfo): void {
    this.props.onError(`${this.props.name} could not be drawn: ${error.message}`);
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <div role="alert" className={styles.failure}>
        <p>
          {this.props.name} could not be drawn: {this.state.message}
        </p>
        <button type="button" onClick={() => this.setState({ message: null })}>
          Try again
        </button>
      </div>
    );
  }
}
