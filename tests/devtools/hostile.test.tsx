import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Entry } from '../../src/devtools/recorder/types.ts';
import { fakeRecording, frame } from './fake-recording.ts';
import { openPanel, openTab, refresh, rows } from './open-panel.tsx';

/** Shows frames, and opens the last one. */
function showFrames(...frames: Entry[]): void {
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(...frames);
  refresh();
  fireEvent.click(screen.getAllByRole('option').at(-1) as HTMLElement);
}

const details = () => screen.getByRole('region', { name: 'Frame' }).textContent;

/** A message that no JSON can be made of. */
function deepMessage(): unknown {
  let deep: unknown = 1;
  for (let n = 0; n < 100_000; n++) deep = [deep];
  return deep;
}

test('a frame that is nested 100,000 deep is shown as it arrived', () => {
  const data = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
  showFrames(
    frame({ data, decoded: deepMessage() }),
    frame({ data: '[[1]]', decoded: deepMessage() }),
  );
  expect(rows('Frames')[0]).toContain('[[[[');
  expect(rows('Frames')[1]).toContain('[[1]]');
});

test('a frame of a million letters has a short row, and its details the beginning', () => {
  const text = 'x'.repeat(1_000_000);
  showFrames(frame({ data: `{"text":"${text}"}`, decoded: { text } }));
  expect(rows('Frames')[0]?.length).toBeLessThan(400);
  expect(details()?.length).toBeLessThan(210_000);
  expect(details()).toContain('The first 100,000 of 1,000,011 letters.');
});

test('what cannot be seen, or turns letters around, is shown as JSON may write it', () => {
  const data = 'a\u202Eb\u200Bc\uD800d\u0000e\u{E0041}f 👩‍👧 \u{1F600}';
  const topics = [{ name: data, listeners: 0, added: 1, removed: 1, unheard: 1, forgotten: 0 }];
  const recording = fakeRecording({ topics: () => topics });
  openPanel(recording);
  recording.add(frame({ data }));
  refresh();
  const shown = String.raw`a\u202eb\u200bc\ud800d\u0000e\udb40\udc41f 👩‍👧 ${'\u{1F600}'}`;
  expect(rows('Frames')[0]).toContain(shown);
  openTab(/^Topics/);
  expect(screen.getByRole('row', { name: /listened/ }).textContent).toContain(shown);
  expect(screen.getByRole('list', { name: 'Problems' }).textContent).toContain(shown);
});

test('a field that is called __proto__ is shown like others', () => {
  const data = '{"__proto__":{"admin":true}}';
  showFrames(frame({ data, decoded: JSON.parse(data) }));
  expect(rows('Frames')[0]).toContain(data);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test('of 100,000 topics, ids and gaps the panel shows some hundreds, and how many more there are', () => {
  const names = Array.from({ length: 100_000 }, (_, n) => `topic ${n}`);
  const topic = { listeners: 1, added: 1, removed: 0, unheard: 0, forgotten: 0 };
  const topics = names.map((name) => ({ ...topic, name }));
  const presence = [{ topic: null, ids: names }];
  const recording = fakeRecording({ topics: () => topics, presence: () => presence });
  openPanel(recording);
  recording.add(...names.map((name) => ({ type: 'gap', at: 1_000, topic: name }) as const));
  refresh();
  // To find a role takes long in a large page.
  const [, , topicsTab, sessionTab] = screen.getAllByRole('tab');
  fireEvent.click(topicsTab as HTMLElement);
  expect(document.querySelectorAll('tr').length).toBeLessThan(600);
  expect(screen.getByText('and 99,500 more')).toBeTruthy();
  fireEvent.click(sessionTab as HTMLElement);
  expect(document.querySelectorAll('li').length).toBeLessThan(1_200);
  expect(screen.getByText('and 99,950 more')).toBeTruthy();
  const gaps = screen.getByRole('region', { name: 'Gaps' }).textContent;
  expect(gaps).toContain('topic 99999');
  expect(gaps).toMatch(/topic 99500and 99,500 more$/);
  const problems = screen.getByRole('list', { name: 'Problems' }).textContent;
  expect(problems).toContain(
    'Topics "topic 0", "topic 1", "topic 2" and 99997 more lack messages.',
  );
});

test('of 1,000 topics with presence the panel shows some, and how many more there are', () => {
  const ids = Array.from({ length: 500 }, (_, n) => `user ${n}`);
  const presence = ids.concat(ids).map((_, n) => ({ topic: `topic ${n}`, ids }));
  openPanel(fakeRecording({ presence: () => presence }));
  openTab(/^Session/);
  expect(document.querySelectorAll('li').length).toBeLessThan(3_000);
  expect(screen.getByText('and 950 more')).toBeTruthy();
});

test('the message of a long frame is not asked for in its row: to redact it takes long', () => {
  const decoded = vi.fn<() => unknown>();
  const long = Object.defineProperty(frame({ data: 'x'.repeat(10_001) }), 'decoded', {
    get: decoded,
  });
  const recording = fakeRecording();
  openPanel(recording);
  recording.add(long);
  refresh();
  expect(rows('Frames')[0]).toContain('xxx');
  expect(decoded).not.toHaveBeenCalled();
});

test('the last message of a topic that is not shown is not asked for', () => {
  const last = vi.fn<() => unknown>();
  const topic = { listeners: 1, added: 1, removed: 0, unheard: 0, forgotten: 0, at: 1_000 };
  const topics = Array.from({ length: 501 }, (_, n) => ({ ...topic, name: `topic ${n}`, last: n }));
  Object.defineProperty(topics.at(-1), 'last', { get: last });
  const recording = fakeRecording({ topics: () => topics });
  openPanel(recording);
  recording.add(frame({ error: 'Unexpected token <' }));
  refresh();
  openTab(/^Topics/);
  expect(screen.getByText('and 1 more')).toBeTruthy();
  expect(last).not.toHaveBeenCalled();
});

test('a frame that JSON cannot write does not keep the others from being copied', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => {});
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  showFrames(frame({ data: '[[1]]', decoded: deepMessage() }), frame({ data: 'fine' }));
  const tools = within(screen.getByRole('tabpanel'));
  fireEvent.click(tools.getByRole('button', { name: 'Copy as JSON' }));
  vi.useRealTimers();
  await waitFor(() => expect(writeText).toHaveBeenCalledOnce());
  const copied = JSON.parse(writeText.mock.calls[0]?.[0] as string);
  expect(copied.map(({ data }: { data: string }) => data)).toEqual(['[[1]]', 'fine']);
});
