import { useWebSocket } from '../../src/index.ts';
import { Countdown } from '../ui/countdown.tsx';
import type { Status } from '../ui/status.tsx';
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
  const { status, retryAt } = useWebSocket();
  const { name } = useServerView();

  return (
    <section className="ui-panel ui-hero" aria-label="Connection">
      <p className="ui-hero-sentence">
        {status === 'open' && (name ? `The server calls you ${name}.` : 'Connected.')}
        {status !== 'open' && retryAt === null && sentences[status]}
        {retryAt !== null && (
          <>
            Next try in <Countdown key={retryAt} to={retryAt} />
          </>
        )}
      </p>
      <StateStrip />
      <OwnControls />
    </section>
  );
}
