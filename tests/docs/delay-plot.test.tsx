import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { retryDelay } from '../../src/core/machine/backoff.ts';
import { resolveOptions } from '../../src/core/options/settings.ts';
import { delayBands, DelayPlot } from '../../stories/docs/delay-plot.tsx';

test('the band of each attempt goes from its shortest to its longest possible delay', () => {
  for (const { attempt, least, most } of delayBands()) {
    const delays = Array.from({ length: 2_000 }, (_, n) =>
      retryDelay(
        resolveOptions({ random: () => n / 1_999 }),
        { kind: 'close', code: 1006, reason: '', wasClean: false },
        attempt,
        false,
      ),
    ).map(Number);
    expect([Math.min(...delays), Math.max(...delays)]).toEqual([least, most]);
  }
});

test('the table under the plot has the range of each attempt', () => {
  const { container } = render(<DelayPlot />);
  const rows = [...container.querySelectorAll('tbody tr')].map((row) => row.textContent);
  expect(rows[0]).toBe('10.25–3.25');
  expect(rows.at(-1)).toBe('80.25–30.25');
});
