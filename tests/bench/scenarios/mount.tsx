import { expects } from '../recorder.tsx';
import type { Scenario } from '../scenario.ts';

export const mount: Scenario = {
  name: 'mount',
  about:
    '1,000 components mounted at once, beside 10, on one open connection; each shows whether it is open. Their memory is that of React and of the page, too.',
  sizes: [{ messages: 0, components: 1_010 }],
  warmUp: (size) => ({ ...size, components: 10 }),
  plays: 1,
  columns: ['cpu', 'thread', 'script', 'wall', 'renders', 'right', 'longest', 'heapEach'],

  async play({ library: { Statuses }, url, render }, { components }) {
    const all = expects({ right: components });
    render(<Statuses url={url} count={components} />);
    await all;
    return {};
  },
};
