import { act, fireEvent, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { RecordedTopic } from '../../src/devtools/recorder/types.ts';
import { fakeRecording, frame } from './fake-recording.ts';
import { openPanel, openTab, press, refresh, rows } from './open-panel.tsx';

const problems = () =>
  screen.queryByRole('list', { name: 'Problems' })?.textContent ?? 'no problem';

test('shows a topic that is never unsubscribed: its tab has a mark, and the topic comes first', () => {
  const topic: RecordedTopic = {
    name: 'EUR',
    listeners: 1,
    added: 1,
    removed: 0,
    unheard: 0,
    forgotten: 0,
  };
  const topics = [topic, { ...topic, name: 'USD', listeners: 0, removed: 1, unheard: 12 }];
  openPanel(fakeRecording({ topics: () => topics }));
  openTab(/^Topics 1 problem$/);
  expect(problems()).toContain('Topic "USD" goes on without listeners: 12 messages came');
  const [, first] = screen.getAllByRole('row');
  expect(first?.textContent).toContain('USD');
  expect(first?.textContent).toContain('12 messages came, and nobody listened');
});

test('several topics without listeners are one problem', () => {
  const bad = { listeners: 0, added: 1, removed: 1, unheard: 2, forgotten: 0 };
  let names = ['A', 'B', 'C', 'D', 'E'];
  openPanel(fakeRecording({ topics: () => names.map((name) => ({ ...bad, name })) }));
  openTab(/^Topics 1 problem$/);
  expect(problems()).toContain(
    'Topics "A", "B", "C" and 2 more go on without listeners: 10 messages came',
  );
  names = ['A', 'B'];
  refresh();
  expect(problems()).toContain('Topics "A" and "B" go on without listeners: 4 messages came');
});

test('shows listeners that are added, and none that is removed', () => {
  const topics = [{ name: 'EUR', listeners: 3, added: 3, removed: 0, unheard: 0, forgotten: 0 }];
  openPanel(fakeRecording({ topics: () => topics }));
  openTab(/^Topics$/);
  expect(screen.getByRole('row', { name: /EUR/ }).textContent).toContain('3 added, 0 removed');
});

test('a topic without a message, while frames do not decode: the tab says so, and shows these frames', () => {
  const topics = [{ name: 'EUR', listeners: 1, added: 1, removed: 0, unheard: 0, forgotten: 0 }];
  const recording = fakeRecording({ topics: () => topics });
  openPanel(recording);
  openTab(/^Topics$/);
  const remark = () => screen.queryByText('1 frame could not be decoded.');
  expect(remark()).toBeNull();
  recording.add(frame({ data: 'fine' }), frame({ data: '<html>', error: 'Unexpected token <' }));
  refresh();
  expect(remark()).toBeTruthy();
  fireEvent.change(screen.getByRole('slider', { name: 'Moment' }), { target: { value: '1' } });
  press('Show these frames');
  expect(screen.getByRole('tab', { name: /^Frames/, selected: true })).toBeTruthy();
  expect(rows('Frames')).toEqual([expect.stringContaining('<html>')]);
});

test('the filter of the frames stays while another tab is open', () => {
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(frame({ data: 'apple' }), frame({ data: 'pear' }));
  refresh();
  const search = screen.getByRole('searchbox', { name: 'Search in frames' });
  fireEvent.change(search, { target: { value: 'pear' } });
  openTab(/^Outbox$/);
  openTab(/^Frames$/);
  expect(rows('Frames')).toEqual([expect.stringContaining('pear')]);
});

test('each tab says how many problems it has', () => {
  const topics = [{ name: 'EUR', listeners: 0, added: 1, removed: 1, unheard: 2, forgotten: 0 }];
  const recording = fakeRecording({ topics: () => topics });
  openPanel(recording);
  recording.add(frame({ error: 'Unexpected token <' }), { type: 'gap', at: 1_000, topic: 'EUR' });
  refresh();
  const names = screen.getAllByRole('tab').map(({ textContent }) => textContent.trim());
  expect(names).toEqual([
    'Frames 1 problem',
    'Outbox',
    'Topics 1 problem',
    'Session 1 problem',
    'Break it',
  ]);
});

test('shows a frame that does not decode, with the error and what arrived', () => {
  const recording = fakeRecording();
  openPanel(recording);
  expect(problems()).toBe('no problem');
  recording.add(frame(), frame({ data: '<html>', error: 'Unexpected token <' }));
  refresh();
  expect(screen.getByRole('tab', { name: 'Frames 1 problem' })).toBeTruthy();
  expect(problems()).toContain('1 frame could not be decoded. The last error: "Unexpected token <');
  expect(rows('Frames').at(-1)).toContain('Not decoded: Unexpected token < <html>');
  fireEvent.click(screen.getByRole('option', { name: /Not decoded/ }));
  expect(screen.getByRole('region', { name: 'Frame' }).textContent).toContain('<html>');
});

test('shows a heartbeat that the server does not answer', () => {
  const recording = fakeRecording();
  openPanel(recording);
  const ping = { kind: 'heartbeat', way: 'out', data: 'ping' } as const;
  recording.add(
    frame({ ...ping, at: 1_000 }),
    frame({ ...ping, at: 1_010, way: 'in', data: 'pong' }),
    frame({ ...ping, at: 2_000 }),
    {
      type: 'state',
      at: 3_000,
      status: 'reconnecting',
      attempt: 1,
      cause: { kind: 'timeout', phase: 'heartbeat' },
    },
  );
  refresh();
  expect(problems()).toContain('1 heartbeat got no answer');
  expect(rows('Frames').map((row) => row.includes('No answer'))).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test('a heartbeat that a damage has swallowed, or its answer, is no problem', () => {
  const recording = fakeRecording();
  openPanel(recording);
  const ping = { kind: 'heartbeat', way: 'out', data: 'ping' } as const;
  const cause = { kind: 'timeout', phase: 'heartbeat' } as const;
  const lost = { type: 'state', at: 3_000, status: 'reconnecting', attempt: 1, cause } as const;
  recording.add(
    frame(ping),
    frame({ ...ping, way: 'in', isLost: true }),
    lost,
    frame({ ...ping, isLost: true }),
    lost,
  );
  refresh();
  expect(problems()).toBe('no problem');
  expect(rows('Frames').filter((row) => row.includes('Lost'))).toHaveLength(2);
});

test('a heartbeat that is answered by any message, with a round trip, is no problem', () => {
  const recording = fakeRecording();
  openPanel(recording);
  const ping = frame({ kind: 'heartbeat', way: 'out', data: 'ping' });
  recording.add(ping, { type: 'roundTrip', at: 1_020, duration: 20 }, { ...ping });
  refresh();
  expect(problems()).toBe('no problem');
  expect(screen.getByText('20 ms', { selector: 'strong' })).toBeTruthy();
});

test('tells what became of each message of the outbox', () => {
  const recording = fakeRecording();
  openPanel(recording);
  const message = { type: 'message', at: 1_000, message: { text: 'hi' } } as const;
  recording.add(
    { ...message, id: 1, what: 'queued' },
    { ...message, id: 2, what: 'queued' },
    { ...message, id: 1, what: 'confirmed', message: undefined },
    { ...message, id: 2, what: 'dropped', reason: 'expired' },
  );
  refresh();
  openTab(/^Outbox 1 problem$/);
  expect(rows('Messages')).toEqual([
    expect.stringContaining('confirmed {"text":"hi"}'),
    expect.stringContaining('dropped (expired) {"text":"hi"}'),
  ]);
});

test('shows the state at an earlier moment, and only what had happened by then', () => {
  const recording = fakeRecording();
  openPanel(recording);
  const lost = { kind: 'close', code: 1006, reason: '', wasClean: false } as const;
  recording.add(
    { type: 'state', at: 1_000, status: 'reconnecting', attempt: 1, cause: lost },
    frame({ at: 1_500, data: 'early' }),
    { type: 'state', at: 2_000, status: 'open', attempt: 0, cause: null },
    frame({ at: 2_500, data: 'late' }),
  );
  refresh();
  expect(rows('Frames')).toHaveLength(4);
  const slider = screen.getByRole('slider', { name: 'Moment' });
  fireEvent.change(slider, { target: { value: '1700' } });
  expect(rows('Frames')).toEqual([
    expect.stringContaining('Reconnecting'),
    expect.stringContaining('early'),
  ]);
  expect(screen.getByText('attempt 1')).toBeTruthy();
  expect(
    screen.getByText('It was closed with 1006: no close frame.', { selector: '.cause' }),
  ).toBeTruthy();
  expect(slider.getAttribute('aria-valuetext')).toMatch(/, Reconnecting$/);
  press('Back to now');
  expect(rows('Frames')).toHaveLength(4);
});

test('a close reason cannot turn the letters around it', () => {
  const recording = fakeRecording();
  openPanel(recording);
  const cause = { kind: 'close', code: 4000, reason: 'a\u202Eb', wasClean: true } as const;
  const state = { type: 'state', status: 'reconnecting', attempt: 1, cause } as const;
  recording.add({ ...state, at: 1_000 }, frame({ at: 2_000 }));
  refresh();
  fireEvent.change(screen.getByRole('slider', { name: 'Moment' }), { target: { value: '1500' } });
  const sentence = screen.getByText(/closed with 4000/, { selector: '.cause' }).textContent;
  expect(sentence).toBe(String.raw`It was closed with 4000: a\u202eb.`);
});

test('breaks the connection, always tells what is active, and takes it back', () => {
  const recording = fakeRecording();
  openPanel(recording);
  openTab(/^Break it$/);
  press('Silence');
  fireEvent.change(screen.getByRole('spinbutton', { name: 'Milliseconds' }), {
    target: { value: '500' },
  });
  press('Slow');
  press('Close');
  const code = screen.getByRole('spinbutton', { name: 'Close code' });
  for (const wrong of ['', '999', '1005', '1012.5', '5000']) {
    fireEvent.change(code, { target: { value: wrong } });
    expect(screen.getByRole('button', { name: 'Close', description: /this code/ })).toHaveProperty(
      'disabled',
      true,
    );
  }
  refresh();
  openTab(/^Frames$/);
  expect(screen.getByText('silence, slow')).toBeTruthy();
  press('End all');
  refresh();
  expect(screen.queryByText('silence, slow')).toBeNull();
  expect(recording.calls).toEqual(['silence', 'slow 500', 'close 1012', 'restore']);
});

test('pauses and clears the recording', () => {
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(frame());
  press('Pause');
  refresh();
  expect(screen.getByRole('button', { name: 'Pause', pressed: true })).toBeTruthy();
  press('Pause');
  press('Clear');
  refresh();
  expect(screen.getByText('Nothing yet.')).toBeTruthy();
  expect(recording.calls).toEqual(['add', 'pause', 'resume', 'clear']);
});

test('tells who holds the connection, its session and gaps, and who is online', () => {
  const recording = fakeRecording({
    holders: () => ['Chat'],
    session: () => ({ unconfirmed: 2, waiting: 1 }),
    presence: () => [{ topic: null, ids: ['ada', 'grace'] }],
  });
  openPanel(recording);
  recording.add({ type: 'gap', at: 1_000, topic: 'prices' });
  refresh();
  openTab(/^Session 1 problem$/);
  const part = (name: string) => screen.getByRole('region', { name }).textContent;
  expect(part('Held by')).toContain('Chat');
  expect(part('Session')).toContain('2 messages not confirmed yet, 1 waiting for a link');
  expect(part('Gaps')).toContain('prices');
  expect(part('Online')).toContain('adagrace');
});

test('a gap of the empty topic is one of the messages to this user', () => {
  const recording = fakeRecording();
  openPanel(recording);
  recording.add({ type: 'gap', at: 1_000, topic: '' });
  refresh();
  openTab(/^Session 1 problem$/);
  expect(problems()).toContain('Topic "messages to this user" lacks messages.');
  expect(screen.getByRole('region', { name: 'Gaps' }).textContent).toMatch(
    /messages to this user$/,
  );
});

test('lists the connections of the page, of which one is chosen', () => {
  openPanel(
    fakeRecording({
      topics: () => [{ name: 'a', listeners: 0, added: 1, removed: 1, unheard: 1, forgotten: 0 }],
    }),
    fakeRecording({ id: 2, name: '' }),
  );
  const list = within(screen.getByRole('navigation', { name: 'Connections' }));
  expect(list.getByRole('button', { current: true }).textContent).toBe('Connection 2Open');
  press(/example\.com/);
  expect(list.getByRole('button', { current: true }).textContent).toContain('example.com');
  expect(screen.getByRole('tab', { name: 'Topics 1 problem' })).toBeTruthy();
});

test('tells apart connections with the same url, and has the whole url in a tool tip', () => {
  openPanel(fakeRecording(), fakeRecording({ id: 2 }));
  const list = within(screen.getByRole('navigation', { name: 'Connections' }));
  expect(list.getAllByRole('button').map(({ title }) => title)).toEqual([
    '1: wss://example.com/live',
    '2: wss://example.com/live',
  ]);
});

test('renders at most five times a second, however many frames come', () => {
  const recording = fakeRecording();
  const entries = vi.spyOn(recording, 'entries');
  openPanel(recording);
  refresh();
  entries.mockClear();
  for (let n = 0; n < 100; n++) {
    recording.add(frame());
    act(() => {
      vi.advanceTimersByTime(10);
    });
  }
  expect(entries.mock.calls.length).toBeGreaterThan(0);
  expect(entries.mock.calls.length).toBeLessThanOrEqual(6);
});
