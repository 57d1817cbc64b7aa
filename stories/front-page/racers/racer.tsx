import { memo, Suspense, useCallback, useState } from 'react';
import { demoUrl } from '../../parts/demo-url.ts';
import type { ScreenEvent } from '../race.ts';
import { apps, type RacerName } from './racers.ts';
import { Screen, WatchContext } from './screen.tsx';

/** One of the apps, connected to the demo. It renders by itself only: what is around it may render at any time. */
export const Racer = memo(function Racer(props: {
  name: RacerName;
  room: string;
  /** How many prices a second it gets. */
  perSecond: number;
  /** Called after each render of its screen. */
  tell: (event: ScreenEvent) => void;
}) {
  const { name, room, perSecond, tell } = props;
  const [url] = useState(() => socketUrl(demoUrl(room, { name, feed: String(perSecond) })));
  const watch = useCallback(
    (status: string, price?: string) =>
      tell({ type: 'screen', at: performance.now(), racer: name, status, price }),
    [name, tell],
  );
  const { App } = apps[name];
  return (
    <WatchContext value={watch}>
      <Suspense fallback={<Screen status="Connecting" price={undefined} />}>
        <App url={url} />
      </Suspense>
    </WatchContext>
  );
});

/** Not every library takes a relative url. */
export const socketUrl = (url: string): string =>
  new URL(url, location.href.replace('http', 'ws')).href;
