import { useEffect } from 'react';
import { type Frame, useMessage, useWebSocket } from '../../../src/index.ts';

/** A promise that a test settles. */
export interface Gate {
  readonly promise: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open = () => {};
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

interface SuspenderProps {
  /** Suspends until this is settled. */
  readonly gate: Promise<void> | null;
  readonly onMessage: (message: Frame) => void;
  readonly onUnmount?: (() => void) | undefined;
}

/** Reads and listens, and suspends on request. */
export function Suspender({ gate, onMessage, onUnmount }: SuspenderProps) {
  const { status, lastMessage } = useWebSocket();
  useMessage(onMessage);
  useEffect(() => onUnmount, [onUnmount]);
  if (gate) throw gate;
  return (
    <p>
      {status} {JSON.stringify(lastMessage)}
    </p>
  );
}
