import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { createWebSocketHooks, json } from '../../src/index.ts';
import { ControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, useDemoUrl } from '../parts/demo-provider.tsx';
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
  reconnect: { baseDelay: 500 },
  // A topic for each aircraft: it is followed as long as it is on the map, and again on each new link.
  topics: {
    of: (word) => (word.demo === 'position' ? word.vehicle : null),
    subscribe: (vehicles) => [{ demo: 'follow', vehicles }],
    unsubscribe: (vehicles) => [{ demo: 'unfollow', vehicles }],
  },
});

/** Longer than any flight goes in between two positions: one that comes back, or crosses the edge of the map. */
const LEAP = 20;
const TAIL = 24;
/** Milliseconds from one move to the next for those who want less motion. */
const CALM_PACE = 1_000;

/** One aircraft. It renders for its own positions, and for nobody else's. */
const Aircraft = memo(function Aircraft({ id, tally }: { id: string; tally: Tally }) {
  const [track, setTrack] = useState<readonly Point[]>([]);
  const calm = useReducedMotion();
  const movedAt = useRef(-Infinity);
  useTopic(id, (word) => {
    if (word.demo !== 'position') return;
    tally.message();
    const now = performance.now();
    if (calm && now - movedAt.current < CALM_PACE) return;
    movedAt.current = now;
    const [x, y] = project(word.at);
    setTrack((old) => {
      const [lastX = x, lastY = y] = old.at(-1) ?? [];
      return Math.hypot(x - lastX, y - lastY) > LEAP ? [[x, y]] : [...old.slice(-TAIL), [x, y]];
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
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn, and has no file */}
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
          ? `${FLEET.length} aircraft, ten positions a second of each.`
          : 'The last known positions: there is no connection.'}
      </figcaption>
    </figure>
  );
}

function Controls() {
  const { connection } = useWebSocket();
  return <ControlBar connection={connection} />;
}

/** A world of aircraft over one connection, each a topic of its own. */
export function LivePositions({ room = '' }: { room?: string }) {
  const [tally] = useState(createTally);
  return (
    <WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Live positions"
        lede="Aircraft on their way around the world, a topic each over one connection. Cut the cable and they stop where they were last seen; once it is back, they are where they really are."
      >
        <Controls />
        <WorldMap>
          {FLEET.map(({ id }) => (
            <Aircraft key={id} id={id} tally={tally} />
          ))}
        </WorldMap>
        <Rates tally={tally} rendersOf="one aircraft each, never the map" />
      </Page>
    </WebSocketProvider>
  );
}
