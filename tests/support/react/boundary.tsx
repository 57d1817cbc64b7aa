import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

/** Shows the name and the message of the error that a child threw. */
export class Boundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error ? `${error.name}: ${error.message}` : this.props.children;
  }
}
