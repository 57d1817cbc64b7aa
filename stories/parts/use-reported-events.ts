import { useContext, useEffect } from 'react';
import type { Connection } from '../../src/index.ts';
import { PageContext } from '../ui/page.tsx';

/** Not `message`, of which there are thousands, and not `error`: with a handler, nobody else would report it. */
const TYPES = ['open', 'close', 'flush', 'drop', 'confirm', 'failed', 'uncertain', 'gap'] as const;

/** Reports the events of a connection to the page: Storybook lists them as actions. */
export function useReportedEvents<In, Out>(connection: Connection<In, Out>): void {
  const { onEvent } = useContext(PageContext);
  useEffect(() => {
    if (!onEvent) return;
    const stops = TYPES.map((type) =>
      connection.on(type, (...details: readonly unknown[]) => onEvent(type, details)),
    );
    return () => stops.forEach((stop) => stop());
  }, [connection, onEvent]);
}
