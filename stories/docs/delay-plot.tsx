import type { CSSProperties } from 'react';
import { retryDelay } from '../../src/core/machine/backoff.ts';
import type { Cause } from '../../src/core/machine/cause.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';

/** How long an attempt is waited for: the least and the most, in milliseconds. */
export interface Band {
  readonly attempt: number;
  readonly least: number;
  readonly most: number;
}

const ATTEMPTS = [1, 2, 3, 4, 5, 6, 7, 8];
const LOST: Cause = { kind: 'close', code: 1006, reason: '', wasClean: false };

/** The delays before each attempt, from the very function that the machine asks. */
export function delayBands(): Band[] {
  const delay = (attempt: number, chance: number) =>
    retryDelay(resolveOptions({ random: () => chance }), LOST, attempt, false) ?? 0;
  return ATTEMPTS.map((attempt) => ({
    attempt,
    least: delay(attempt, 0),
    most: delay(attempt, 1),
  }));
}

const seconds = (ms: number) => (ms / 1_000).toLocaleString('en', { maximumFractionDigits: 2 });

const TICKS = [0, 10, 20, 30];

/** The range of the delay before each attempt. */
export function DelayPlot() {
  const bands = delayBands();
  const end = Math.max(...bands.map(({ most }) => most));
  const at = (ms: number) => `${(ms / end) * 100}%`;
  return (
    <figure className="docs-figure sb-unstyled">
      <table className="docs-delays">
        <thead>
          <tr>
            <th scope="col">attempt</th>
            <th scope="col" className="docs-delay-scale" aria-hidden="true">
              {TICKS.map((tick) => (
                <span key={tick} style={{ left: at(tick * 1_000) }}>
                  {tick}
                </span>
              ))}
            </th>
            <th scope="col">seconds</th>
          </tr>
        </thead>
        <tbody>
          {bands.map(({ attempt, least, most }) => (
            <tr key={attempt}>
              <th scope="row">{attempt}</th>
              <td
                className="docs-delay-track"
                style={{ '--tick': at(10_000) } as CSSProperties}
                aria-hidden="true"
              >
                <span
                  className="docs-delay-band"
                  style={{ left: at(least), width: at(most - least) }}
                />
                <span className="docs-delay-mean" style={{ left: at((least + most) / 2) }} />
              </td>
              <td>
                {seconds(least)}–{seconds(most)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <figcaption>
        The delay before each attempt is drawn from its band, every value as likely as another; the
        mark is the mean. Computed by <code>retryDelay()</code> with the default options.
      </figcaption>
    </figure>
  );
}
