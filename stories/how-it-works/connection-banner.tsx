import { useEffect, useState } from 'react';
import { useWebSocket, useWebSocketEvent } from '../../src/index.ts';
import { Composer } from '../parts/composer.tsx';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { type DemoOptions, DemoProvider } from '../parts/demo-provider.tsx';
import { Button } from '../ui/controls.tsx';
import { Countdown } from '../ui/countdown.tsx';
import { Columns, Page, Stack } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

/** Whether it has been true for so many milliseconds. */
function useIsLasting(isOn: boolean, after: number): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(setLasting, isOn ? after : 0, isOn);
    return () => clearTimeout(timer);
  }, [isOn, after]);
  return isLasting && isOn;
}

/** Its place is always there, so that nothing moves when it appears. */
function Banner({ after }: { after: number }) {
  const { status, retryAt, cause, open, reconnect } = useWebSocket();
  const hasGivenUp = status === 'closed' && cause?.kind !== 'requested';
  const isShown = useIsLasting(status === 'reconnecting' || hasGivenUp, after);
  return (
    <section className="ui-banner" aria-label="Banner" data-on={isShown || undefined}>
      {/* Without the countdown, which would be announced ten times a second. */}
      <output>
        {isShown && (hasGivenUp ? 'Connection closed.' : 'Connection lost. What you send waits.')}
      </output>
      <span>
        {!isShown && 'The banner appears here.'}
        {isShown && retryAt !== null && (
          <>
            Next attempt in <Countdown key={retryAt} to={retryAt} />
          </>
        )}
        {isShown && status === 'reconnecting' && retryAt === null && 'Trying now …'}
      </span>
      {/* It keeps its place, and the focus. */}
      <Button off={!isShown} onClick={hasGivenUp ? open : reconnect}>
        {hasGivenUp ? 'Open again' : 'Try now'}
      </Button>
    </section>
  );
}

interface Break {
  readonly lostAt: number;
  /** Milliseconds; null while it lasts. */
  readonly length: number | null;
}

/** How long each break took, and whether the banner was shown for it. */
function Breaks({ after }: { after: number }) {
  const [breaks, setBreaks] = useState<readonly Break[]>([]);
  useWebSocketEvent('close', () =>
    setBreaks((old) =>
      old[0]?.length === null
        ? old
        : [{ lostAt: performance.now(), length: null }, ...old.slice(0, 5)],
    ),
  );
  useWebSocketEvent('open', () =>
    setBreaks((old) =>
      old.map((one) => ({ ...one, length: one.length ?? performance.now() - one.lostAt })),
    ),
  );
  return (
    <Panel title="Breaks" note={`The banner appears after ${seconds(after)}.`}>
      {breaks.length === 0 && <p className="ui-note">Nothing yet.</p>}
      <ol className="ui-fates" reversed>
        {breaks.map(({ lostAt, length }) => (
          <li key={lostAt} data-tone={length === null || length > after ? 'warn' : 'good'}>
            <span>{length === null ? 'This break is not over yet' : seconds(length)}</span>
            {length !== null && (
              <span className="ui-tag">{length > after ? 'banner shown' : 'not shown'}</span>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** A banner as an app needs it: only for a break that lasts. */
export function ConnectionBanner({ after = 2_000, ...options }: DemoOptions & { after?: number }) {
  return (
    <DemoProvider {...options}>
      <Page
        title="Connection banner"
        lede="A short break needs no banner. This one appears only when the connection has been lost for some time. Kill the TCP connection: no banner. Refuse for 5 s: it says when the next attempt is."
      >
        <ProviderControlBar />
        <Columns>
          <Stack>
            <Banner after={after} />
            <Composer />
          </Stack>
          <Breaks after={after} />
        </Columns>
      </Page>
    </DemoProvider>
  );
}
