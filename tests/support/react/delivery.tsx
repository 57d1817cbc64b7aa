import { useEffect } from 'react';
import { confirmed } from '../../../src/delivery.ts';
import {
  type Connection,
  type OutboxItem,
  type Request,
  useOutbox,
  useRequest,
  useWebSocket,
  WebSocketProvider,
} from '../../../src/index.ts';

/** What a component below the provider has. */
export interface Confirmed {
  readonly connection: Connection;
  readonly request: Request<unknown, string>;
  readonly outbox: readonly OutboxItem<unknown>[];
}

interface Props {
  readonly url: string;
  /** Called after every committed render. */
  readonly onRender: (confirmed: Confirmed) => void;
}

/** A provider whose option `delivery` is made anew in each render. */
export function ConfirmedApp({ url, onRender }: Props) {
  return (
    <WebSocketProvider url={url} delivery={confirmed()}>
      <Reader onRender={onRender} />
    </WebSocketProvider>
  );
}

function Reader({ onRender }: Pick<Props, 'onRender'>) {
  const { connection } = useWebSocket();
  const outbox = useOutbox();
  const request = useRequest();
  useEffect(() => onRender({ connection, request, outbox }));
  return null;
}
