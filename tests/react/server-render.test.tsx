// @vitest-environment node
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { WebSocketProvider } from '../../src/index.ts';
import { setup } from '../support/react/harness.ts';
import { Listener } from '../support/react/listeners.tsx';
import { OwnReader, Reader } from '../support/react/readers.tsx';

setup();

test('a server renders connecting without a warning, also compiled and on the oldest React (fault 48)', () => {
  expect(typeof document).toBe('undefined');
  const html = renderToString(
    <WebSocketProvider url="wss://example.test/">
      <Reader />
      <OwnReader url="wss://example.test/" />
      <OwnReader url={null} />
      <OwnReader url="wss://example.test/" manual />
      <Listener onMessage={() => {}} />
    </WebSocketProvider>,
  );
  expect(html).toBe('<p>connecting</p><p>connecting</p><p>idle</p><p>idle</p>');
});
