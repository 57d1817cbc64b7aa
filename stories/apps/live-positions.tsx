import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { createControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, useDemoUrl } from '../parts/demo-provider.tsx';
import { graticule, HEIGHT, land, project, routes, WIDTH } from '../parts/world.ts';
import { FLEET, type Point, PORTS } from '../server/fleet.ts';
import type { Command, ServerWord } from '../server/words.ts';
import { Page } from '../ui/page.tsx';
import { Rates } from '../ui/rates.tsx';
import { createTally, type Tally } from '../ui/tally.ts';
import { useReducedMotion } from '../ui/use-reduced-motion.ts';

const { WebSocketProvider, useWebSocket, useTopic } = createWebSocketHooks<ServerWord, Command>({
  codec: json(),
  heartbeat: DEMO_HEARTBEAT,
  reconnect: DEMO_RECONNECT,
  // A topic for each aircraft: subscribed to while it is on the map, and again on each new link.
  topics: {
    of: (word) => (word.demo === 'position' ? word.vehicle : null),
    subscribe: (vehicles) => [{ demo: 'follow', vehicles }],
    unsubscribe: (vehicles) => [{ demo: 'unfollow', vehicles }],
  },
});

/** A longer way than between two positions: the aircraft was lost for some time, or crosses the edge of the map. */
const JUMP = 20;
const TAIL = 24;
/** Milliseconds between two moves with reduced motion. */
const REDUCED_PACE = 1_000;

/** One aircraft. It renders for its own positions only. */
const Aircraft = memo(function Aircraft({ id, tally }: { id: string; tally: Tally }) {
  const [track, setTrack] = useState<readonly Point[]>([]);
  const isReduced = useReducedMotion();
  const movedAt = useRef(-Infinity);
  useTopic(id, (word) => {
    if (word.demo !== 'position') return;
    tally.message();
    const now = performance.now();
    if (isReduced && now - movedAt.current < REDUCED_PACE) return;
    movedAt.current = now;
    const [x, y] = project(word.at);
    setTrack((old) => {
      const [lastX = x, lastY = y] = old.at(-1) ?? [];
      return Math.hypot(x - lastX, y - lastY) > JUMP ? [[x, y]] : [...old.slice(-TAIL), [x, y]];
    });
  });
  useEffect(() => tally.render());
  const here = track.at(-1);
  if (!here) return null;
  return (
    <g className="ui-aircraft" data-aircraft={id}>
      <polyline points={track.join(' ')} />
      <circle cx={here[0]} cy={here[1]} r="4" />
    </g>
  );
});

function WorldMap({ children }: { children: ReactNode }) {
  const { status } = useWebSocket();
  return (
    <figure className="ui-panel ui-map" data-stale={status !== 'open' || undefined}>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing without a file */}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label="A map of the world">
        <path className="ui-map-grid" d={graticule} />
        <path className="ui-map-land" d={land} />
        <path className="ui-map-routes" d={routes} />
        {Object.entries(PORTS).map(([name, place]) => (
          <circle
            key={name}
            className="ui-map-port"
            r="1.8"
            cx={project(place)[0]}
            cy={project(place)[1]}
          />
        ))}
        {children}
      </svg>
      <figcaption className="ui-note">
        {status === 'open'
          ? `${FLEET.length} aircraft, ten positions a second each.`
          : 'No connection: these are the last known positions.'}
      </figcaption>
    </figure>
  );
}

const ControlBar = createControlBar(useWebSocket);

/** Aircraft on a map over one connection, with a topic each. */
export function LivePositions({ room = '' }: { room?: string }) {
  const [tally] = useState(createTally);
  return (
    <WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Live positions"
        lede="36 aircraft over one connection, each with a topic of its own. Cut the cable: they stop at their last known positions. After the reconnect, they continue at their real positions."
      >
        <ControlBar />
        <WorldMap>
          {FLEET.map(({ id }) => (
            <Aircraft key={id} id={id} tally={tally} />
          ))}
        </WorldMap>
        <Rates tally={tally} rendersOf="single aircraft" />
      </Page>
    </WebSocketProvider>
  );
}
