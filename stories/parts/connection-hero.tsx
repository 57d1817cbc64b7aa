import { useWebSocket } from '../../src/index.ts';
import { Countdown } from '../ui/countdown.tsx';
import type { Status } from '../ui/status.tsx';
import { OwnControls } from './control-bar.tsx';
import { StateStrip } from './state-strip.tsx';
import { useServerView } from './use-server-view.ts';

const sentences: Record<Exclude<Status, 'open'>, string> = {
  idle: 'Not connected: no component uses it.',
  connecting: 'Connecting …',
  reconnecting: 'Reconnecting …',
  closing: 'Closing …',
  closed: 'Closed. It stays closed until open() is called.',
};

/** The status of the connection in a sentence and as a strip. */
export function ConnectionHero() {
  const { status, retryAt } = useWebSocket();
  const { name } = useServerView();

  return (
    <section className="ui-panel ui-hero" aria-label="Connection">
      <p className="ui-hero-sentence">
        {status === 'open' && (name ? `Connected as ${name}` : 'Connected')}
        {status !== 'open' && retryAt === null && sentences[status]}
        {retryAt !== null && (
          <>
            Next attempt in <Countdown key={retryAt} to={retryAt} />
          </>
        )}
      </p>
      <StateStrip />
      <OwnControls />
    </section>
  );
}
