import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { recordings } from '../../src/devtools/recorder/recordings.ts';
import { useWebSocket } from '../../src/index.ts';
import { createTestServer } from '../../src/testing.ts';

test.for([false, true])(
  'a hook is named by its component in the holders of its connection, manual: %s',
  async (manual) => {
    const server = createTestServer();
    const { url, ...options } = server.options;
    function Chat() {
      const { open } = useWebSocket(url, { ...options, manual });
      return <button onClick={open}>Open</button>;
    }
    const { unmount } = render(<Chat />);
    await act(async () => {});
    fireEvent.click(screen.getByRole('button'));
    await server.connected();
    const recording = recordings().list().at(-1);
    expect(recording?.holders()).toEqual(['Chat']);
    unmount();
    await act(async () => {});
    expect(recording?.holders()).toEqual([]);
  },
);
