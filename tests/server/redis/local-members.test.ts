import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LocalMembers } from '../../../src/server/redis/local-members.ts';
import { seededRandom } from '../../support/random.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes a report: `join ann in "room"`, and the time that an identity stays. */
function take(members: LocalMembers) {
  const report = members.nextReport(Infinity);
  const told: string[] = [];
  const stays: number[] = [];
  for (let at = 0; at < report.values.length; at += 4) {
    const [event, topic, id, stay] = report.values.slice(at);
    told.push(`${event} ${id} in ${topic}`);
    stays.push(Number(stay));
  }
  return { told, stays, confirm: () => report.confirm() };
}

test('only the first connection of an identity in a topic and the end of the last one are reported', () => {
  const members = new LocalMembers(5_000);
  members.join('room', 'ann');
  members.join('room', 'ann');
  members.join('hall', 'ann');
  const first = take(members);
  expect(first.told).toEqual(['join "ann" in "room"', 'join "ann" in "hall"']);
  first.confirm();
  members.leave('room', 'ann', true);
  members.join('room', 'ann');
  expect(members.hasUnreported).toBe(false);
  members.leave('room', 'ann', true);
  members.leave('room', 'ann', false);
  vi.advanceTimersByTime(100);
  const last = take(members);
  expect(last.told).toEqual(['leave "ann" in "room"']);
  members.leave('room', 'ann', true);
  members.leave('room', 'nobody', true);
  expect(last.stays).toEqual([4_900]);
  expect(members.hasUnreported).toBe(false);
});

test('who comes back before the end was confirmed is reported as in the topic', () => {
  const members = new LocalMembers(5_000);
  members.join('room', 'ann');
  take(members).confirm();
  members.leave('room', 'ann', false);
  const end = take(members);
  members.join('room', 'ann');
  end.confirm();
  const again = take(members);
  again.confirm();
  expect(again.told).toEqual(['join "ann" in "room"']);
  members.leave('room', 'ann', false);
  expect(take(members).told).toEqual(['leave "ann" in "room"']);
  members.join('room', 'ann');
  members.reportAllAgain();
  expect(take(members).told).toEqual(['join "ann" in "room"']);
});

test('whatever comes and goes, and is confirmed or not, what Redis was told last is the truth', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const pick = (count: number) => Math.floor(random() * count);
    const members = new LocalMembers(5_000);
    const connections = [0, 0, 0];
    const inRedis = new Map<string, boolean>();
    const report = () => {
      const taken = take(members);
      for (const told of taken.told) {
        const [event = '', id = ''] = told.split(' ');
        inRedis.set(id, event === 'join');
      }
      return taken;
    };
    const change = () => {
      const n = pick(3);
      if (random() < 0.5) {
        connections[n] = (connections[n] ?? 0) + 1;
        members.join('room', `${n}`);
      } else if (connections[n]) {
        connections[n]--;
        members.leave('room', `${n}`, random() < 0.5);
      }
    };
    for (let step = 0; step < 60; step++) {
      change();
      vi.advanceTimersByTime(pick(2_000));
      if (random() < 0.7) continue;
      const taken = report();
      // Something happens before the answer comes, or none comes.
      for (let more = pick(3); more > 0; more--) change();
      if (random() < 0.7) taken.confirm();
      else members.reportAllAgain();
    }
    report().confirm();
    for (const [n, count] of connections.entries())
      expect(inRedis.get(`"${n}"`) ?? false, `seed ${seed}`).toBe(count > 0);
  }
});

test('who came and went while Redis was away is forgotten after the grace', () => {
  const members = new LocalMembers(1_000);
  for (let n = 0; n < 10_000; n++) {
    members.join(`room ${n}`, 'guest');
    members.leave(`room ${n}`, 'guest', true);
  }
  vi.advanceTimersByTime(2_000);
  members.join('room', 'ann');
  members.leave('room', 'ann', true);
  members.reportAllAgain();
  expect(take(members).told).toEqual(['visit "ann" in "room"']);
});
