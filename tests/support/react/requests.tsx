import { useEffect } from 'react';
import {
  type Frame,
  type HeldConnectionOptions,
  type OutFrame,
  type Request,
  useRequest,
  useWebSocket,
} from '../../../src/index.ts';

interface Props {
  /** Called after every committed render. */
  readonly onRender: (request: Request<Frame, OutFrame>) => void;
}

/** Gives the function that sends requests to the nearest provider's connection. */
export function Requester({ onRender }: Props) {
  const request = useRequest();
  useEffect(() => onRender(request));
  return null;
}

/** Gives the function that sends requests over a connection of its own. */
export function OwnRequester({
  url,
  onRender,
  ...options
}: Props & HeldConnectionOptions<Frame, OutFrame>) {
  const { connection } = useWebSocket(url, options);
  const request = useRequest({ connection });
  useEffect(() => onRender(request));
  return null;
}
