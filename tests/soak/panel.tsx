import { type ReactNode, useEffect } from 'react';
import { type Frame, useMessage, useWebSocket } from '../../src/index.ts';
import { readNumbered } from '../support/soak/numbered.ts';

/** The link and number of a message, as a short text. */
export function shortTextOf(message: Frame | null): string {
  if (message === null) return 'nothing';
  const { link, n } = readNumbered(message as string | ArrayBuffer);
  return `${link}:${n}`;
}

interface PanelProps {
  readonly onMessage: (message: Frame) => void;
  /** Called at the mount. The returned function is called at the unmount. */
  readonly onMount: () => () => void;
}

/** Shows the status and the newest message, and passes on every message. */
export function Panel({ onMessage, onMount }: PanelProps): ReactNode {
  const { status, lastMessage } = useWebSocket();
  useMessage(onMessage);
  useEffect(onMount, [onMount]);
  return <output aria-label="panel">{`${status} ${shortTextOf(lastMessage)}`}</output>;
}
