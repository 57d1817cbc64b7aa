import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { fakeRecording, frame } from './fake-recording.ts';
import { openPanel, press, refresh, rows } from './open-panel.tsx';

const select = (name: string, value: string) =>
  fireEvent.change(screen.getByRole('combobox', { name }), { target: { value } });

test('shows time, direction, kind, size and value of a frame', () => {
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(frame({ data: '{"a":1}', decoded: { a: 1 }, size: 1_700, way: 'out' }));
  refresh();
  expect(rows('Frames')).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} out message 1\.7 kB \{"a":1\}$/),
  ]);
});

test('draws only the rows that are seen of 100,000 frames, and all can be reached with keys', () => {
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(...Array.from({ length: 100_000 }, (_, n) => frame({ data: `frame ${n}` })));
  refresh();
  const list = screen.getByRole('listbox', { name: 'Frames' });
  expect(rows('Frames').length).toBeLessThan(50);
  fireEvent.keyDown(list, { key: 'Home' });
  expect(rows('Frames')[0]).toContain('frame 0');
  const chosen = () => within(list).getByRole('option', { selected: true });
  expect(chosen().getAttribute('aria-setsize')).toBe('100000');
  fireEvent.keyDown(list, { key: 'ArrowDown' });
  expect(chosen().textContent).toContain('frame 1');
  expect(list.getAttribute('aria-activedescendant')).toBe(chosen().id);
  fireEvent.keyDown(list, { key: 'End' });
  expect(screen.getByRole('region', { name: 'Frame' }).textContent).toContain('frame 99999');
});

test('rows have one line, and two in a narrow window', () => {
  // jsdom has no media queries.
  const query = Object.assign(new EventTarget(), { matches: false });
  vi.stubGlobal('matchMedia', () => query);
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(frame(), frame());
  refresh();
  const last = () => screen.getAllByRole('option').at(-1)?.style;
  expect(last()).toMatchObject({ top: '24px', height: '24px' });
  query.matches = true;
  act(() => void query.dispatchEvent(new Event('change')));
  expect(last()).toMatchObject({ top: '44px', height: '44px' });
});

test('filters by text, kind and direction', () => {
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(
    frame({ data: 'Apple' }),
    frame({ data: 'pear', way: 'out' }),
    frame({ data: 'ping', way: 'out', kind: 'heartbeat' }),
    frame({ data: new ArrayBuffer(4), decoded: { fruit: 'apple' } }),
  );
  refresh();
  select('Direction', 'out');
  expect(rows('Frames')).toHaveLength(2);
  select('Kind', 'heartbeat');
  expect(rows('Frames')).toEqual([expect.stringContaining('ping')]);
  select('Kind', 'all');
  select('Direction', 'both');
  const search = screen.getByRole('searchbox', { name: 'Search in frames' });
  fireEvent.change(search, { target: { value: 'APPLE' } });
  expect(rows('Frames')).toHaveLength(2);
  fireEvent.change(search, { target: { value: 'plum' } });
  expect(screen.getByText('Nothing fits the filter.')).toBeTruthy();
});

test('copies the frames that are shown as JSON', async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(frame({ decoded: { big: 1n } }), frame({ way: 'out' }));
  refresh();
  select('Direction', 'in');
  press('Copy as JSON');
  vi.useRealTimers();
  await waitFor(() => expect(screen.getByText('Copied')).toBeTruthy());
  expect(writeText).toHaveBeenCalledWith(expect.stringContaining('"big": "1n"'));
  expect(writeText).not.toHaveBeenCalledWith(expect.stringContaining('"out"'));
});

test('says so if the page may not copy', async () => {
  vi.stubGlobal('navigator', {});
  const recording = fakeRecording();
  openPanel(recording);
  press('Copy as JSON');
  vi.useRealTimers();
  await waitFor(() =>
    expect(screen.getByText('The browser does not let the page copy')).toBeTruthy(),
  );
});

test('saves the recording as a file', async () => {
  const files: Blob[] = [];
  vi.stubGlobal('URL', {
    createObjectURL: (file: Blob) => `blob:${files.push(file)}`,
    revokeObjectURL: () => {},
  });
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(
    this: HTMLAnchorElement,
  ) {
    names.push(this.download);
  });
  openPanel(fakeRecording());
  press('Export');
  expect(names).toEqual([expect.stringMatching(/^connection-[\dTZ.-]+\.json$/)]);
  expect(files.map(({ size, type }) => [size, type])).toEqual([[17, 'application/json']]);
});

test('shows between the frames what explains them: states with their attempt, faults and signals', () => {
  const recording = fakeRecording();
  openPanel(recording);
  const cause = { kind: 'timeout', phase: 'heartbeat' } as const;
  recording.add(
    frame({ data: 'before' }),
    { type: 'damage', at: 1_001, what: 'silence' },
    frame({ data: 'after', way: 'out', isLost: true }),
    { type: 'signal', at: 1_002, signal: 'offline' },
    { type: 'state', at: 1_003, status: 'reconnecting', attempt: 2, cause },
  );
  refresh();
  expect(rows('Frames').map((row) => row.replace(/^\S+\s+/, '').replace(/\s+/g, ' '))).toEqual([
    'in message 5 B before',
    'fault silence',
    'out message 5 B Lost after',
    'signal Signal of the page: offline',
    'state Reconnecting, attempt 2. The heartbeat timed out: no answer to a ping.',
  ]);
  fireEvent.click(screen.getByRole('option', { name: /silence/ }));
  expect(screen.getByRole('region', { name: 'Event' }).textContent).toContain('silence');
  select('Kind', 'state');
  expect(rows('Frames')).toHaveLength(1);
  select('Kind', 'all');
  select('Direction', 'in');
  expect(rows('Frames')).toEqual([expect.stringContaining('before')]);
});
