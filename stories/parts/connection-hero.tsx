import { useWebSocket } from '../../src/index.ts';
import { Countdown } from '../ui/countdown.tsx';
import { Figure } from '../ui/panel.tsx';
import { type Status, StatusPill } from '../ui/status.tsx';
import { OwnControls } from './control-bar.tsx';
import { StateStrip } from './state-strip.tsx';
import { useServerView } from './use-server-view.ts';

const sentences: Record<Exclude<Status, 'open'>, string> = {
  idle: 'Nobody wants a connection.',
  connecting: 'Calling the server …',
  reconnecting: 'Calling the server again …',
  closing: 'Saying goodbye …',
  closed: 'Closed. It stays closed until you open it.',
};

/** The state of the connection at a glance. */
export function ConnectionHero() {
  const { status, retryAt, latency } = useWebSocket();
  const { name } = useServerView();

  return (
    <section className="ui-panel ui-hero" aria-label="Connection">
      <div className="ui-hero-top">
        <div className="ui-hero-words">
          <StatusPill status={status} />
          <p className="ui-hero-sentence">
            {status === 'open' && (name ? `The server calls you ${name}.` : 'Connected.')}
            {status !== 'open' && retryAt === null && sentences[status]}
            {retryAt !== null && (
              <>
                Next try in <Countdown key={retryAt} to={retryAt} />
              </>
            )}
          </p>
        </div>
        <Figure label="Round trip" unit={latency === null ? '' : 'ms'}>
          {latency === null ? '–' : latency.toFixed(1)}
        </Figure>
      </div>
      <StateStrip />
      <OwnControls />
    </section>
  );
}
