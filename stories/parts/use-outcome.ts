import { useRef, useState } from 'react';
import { type Connection, useWebSocketEvent } from '../../src/index.ts';

/** What a fault has led to. The times are milliseconds since the fault. */
export interface Outcome {
  /** What was done, in a word or two. */
  readonly fault: string;
  /** The same while it lasts, if other words are needed then. */
  readonly during?: string | undefined;
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
  const begin = (fault: string | null, during?: string) => {
    startedAt.current = fault === null ? null : performance.now();
    setOutcome(fault === null ? null : { fault, during });
  };
  return { outcome, begin };
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
/** A time that nobody notices, in milliseconds. */
const AT_ONCE = 10;

/** The outcome as a sentence; before the next link, as far as it is known. Null before the fault is noticed. */
export function describeOutcome(outcome: Outcome | null): string | null {
  if (outcome?.noticedAfter === undefined) return null;
  const { fault, during = fault, noticedAfter, openAfter, resent } = outcome;
  const parts = [
    noticedAfter < AT_ONCE ? 'noticed at once' : `noticed after ${seconds(noticedAfter)}`,
    openAfter !== undefined && `open again after ${seconds(openAfter)}`,
    resent && `${resent} ${resent === 1 ? 'message' : 'messages'} sent after that`,
  ];
  return `${openAfter === undefined ? during : fault}: ${parts.filter(Boolean).join(', ')}.`;
}
