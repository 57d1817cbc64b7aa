import { type ReactNode, useEffect } from 'react';
import { type Frame, useMessage, useWebSocket } from '../../src/index.ts';
import { readNumbered } from '../support/soak/numbered.ts';

/** A message in short. */
export function inShort(message: Frame | null): string {
  if (message === null) return 'nothing';
  const { link, n } = readNumbered(message as string | ArrayBuffer);
  return `${link}:${n}`;
}

interface PanelProps {
  readonly onMessage: (message: Frame) => void;
  /** Called when it is mounted; what it returns, when it is unmounted. */
  readonly onMount: () => () => void;
}

/** Shows the state and the newest message, and hands every message on. */
export function Panel({ onMessage, onMount }: PanelProps): ReactNode {
  const { status, lastMessage } = useWebSocket();
  useMessage(onMessage);
  useEffect(onMount, [onMount]);
  return <output aria-label="panel">{`${status} ${inShort(lastMessage)}`}</output>;
}
