import type { Connection } from '../../src/core/connection.ts';
import type { Snapshot, Status } from '../../src/core/machine/snapshot.ts';

const TIMEOUT = 10_000;

/** Waits, without polling, until a connection has a status, or its snapshot fulfils a condition. */
export function reaches(
  { getSnapshot, subscribe }: Pick<Connection, 'getSnapshot' | 'subscribe'>,
  wanted: Status | ((snapshot: Snapshot) => boolean),
): Promise<Snapshot> {
  const isReached = (snapshot: Snapshot) =>
    typeof wanted === 'string' ? snapshot.status === wanted : wanted(snapshot);
  return new Promise((resolve, reject) => {
    const check = () => {
      if (!isReached(getSnapshot())) return;
      clearTimeout(timer);
      stop();
      resolve(getSnapshot());
    };
    const stop = subscribe(check);
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`Not "${String(wanted)}" but ${JSON.stringify(getSnapshot())}`));
    }, TIMEOUT);
    check();
  });
}
