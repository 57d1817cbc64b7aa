import type { Damage, DamageName, Entry, Recording } from '../../src/devtools/recorder/types.ts';
import { createStagedConnection } from '../../src/testing/staged-connection.ts';

/** A recording in the hands of a test. */
export interface FakeRecording extends Recording {
  /** What was done to it and to its connection, in order. */
  readonly calls: readonly string[];
  /** Records entries. */
  add(...entries: Entry[]): void;
}

/** Makes a recording of an open connection. Its damage starts and ends, and breaks nothing. */
export function fakeRecording(given: Partial<Recording> = {}): FakeRecording {
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  let entries: readonly Entry[] = [];
  let isPaused = false;
  const change = (call: string) => {
    calls.push(call);
    for (const listener of listeners) listener();
  };
  return {
    id: 1,
    name: 'wss://example.com/live',
    connection: createStagedConnection({ snapshot: { status: 'open' } })
      .connection as Recording['connection'],
    entries: () => entries,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get isPaused() {
      return isPaused;
    },
    pause() {
      isPaused = true;
      change('pause');
    },
    resume() {
      isPaused = false;
      change('resume');
    },
    clear() {
      entries = [];
      change('clear');
    },
    topics: () => [],
    holders: () => [],
    presence: () => [],
    session: () => null,
    damage: fakeDamage(change),
    export: () => '{"exported":true}',
    ...given,
    calls,
    add(...more) {
      entries = [...entries, ...more];
      change('add');
    },
  };
}

function fakeDamage(change: (call: string) => void): Damage {
  let active: readonly DamageName[] = [];
  const once = (name: DamageName) => (value?: number) => change(`${name} ${value ?? ''}`.trim());
  const start = (name: DamageName) => (value?: number) => {
    active = [...active, name];
    once(name)(value);
  };
  return {
    drop: once('drop'),
    silence: start('silence'),
    slow: start('slow'),
    refuse: start('refuse'),
    accept: once('accept'),
    offline: start('offline'),
    online: once('online'),
    sleep: once('sleep'),
    close: once('close'),
    restore() {
      active = [];
      change('restore');
    },
    get active() {
      return active;
    },
  };
}

/** A frame with defaults for what a test does not care about. */
export const frame = (given: Partial<Extract<Entry, { type: 'frame' }>> = {}): Entry => ({
  type: 'frame',
  at: 1_000,
  way: 'in',
  kind: 'message',
  size: 5,
  data: 'hello',
  decoded: undefined,
  ...given,
});
