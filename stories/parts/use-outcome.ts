import { useRef, useState } from 'react';
import { type Connection, useWebSocketEvent } from '../../src/index.ts';

/** What a fault has led to. The times are milliseconds since the fault. */
export interface Outcome {
  /** What was done, in a word or two. */
  readonly fault: string;
  readonly noticedAfter?: number;
  readonly openAfter?: number;
  /** How many messages waited for the new link, or were not confirmed on the old one. */
  readonly resent?: number;
}

/** Measures what a fault leads to, until the next link is open. */
export function useOutcome<In, Out>(connection: Connection<In, Out>) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const startedAt = useRef<number | null>(null);
  const since = (start: number) => performance.now() - start;

  useWebSocketEvent(
    'close',
    () => {
      const start = startedAt.current;
      if (start === null) return;
      setOutcome((old) => old && { ...old, noticedAfter: old.noticedAfter ?? since(start) });
    },
    { connection },
  );
  useWebSocketEvent(
    'open',
    () => {
      const start = startedAt.current;
      if (start === null) return;
      startedAt.current = null;
      // Read before the outbox is sent.
      const resent = connection.outbox.length;
      setOutcome((old) => old && { ...old, openAfter: since(start), resent });
    },
    { connection },
  );

  /** A fault begins, or is taken back: null. */
  const begin = (fault: string | null) => {
    startedAt.current = fault === null ? null : performance.now();
    setOutcome(fault === null ? null : { fault });
  };
  return { outcome, begin };
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

/** The outcome as a sentence; before the next link, as far as it is known. */
export function describeOutcome({ fault, noticedAfter, openAfter, resent }: Outcome): string {
  const parts = [
    noticedAfter === undefined ? 'not noticed yet' : `noticed after ${seconds(noticedAfter)}`,
    openAfter !== undefined && `open again after ${seconds(openAfter)}`,
    resent && `${resent} ${resent === 1 ? 'message' : 'messages'} sent after that`,
  ];
  return `${fault}: ${parts.filter(Boolean).join(', ')}.`;
}
