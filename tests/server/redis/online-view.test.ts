/** The view of one server on a Redis whose messages are simulated. */
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { OnlineView, parsePresenceMessage } from '../../../src/server/redis/online-view.ts';
import { seededRandom } from '../../support/random.ts';

const text = (message: object) => Buffer.from(JSON.stringify(message));

/** A view, and the changes that it reported. */
function createView() {
  const view = new OnlineView();
  const changes: string[] = [];
  const apply = (message: object) =>
    view.apply(parsePresenceMessage(text(message)), {
      online: (id) => changes.push(`online ${id}`),
      offline: (id) => changes.push(`offline ${id}`),
      renewed: (id) => changes.push(`renewed ${id}`),
    });
  return { view, changes, apply };
}

test('a list counts only when its last part has come, and nobody flaps before (fault 89)', () => {
  const { view, changes, apply } = createView();
  apply({ online: ['ann', 'bob'] });
  view.startList();
  apply({ part: ['cat', 'dan'] });
  expect(view.list()).toEqual(['ann', 'bob']);
  apply({ offline: ['cat'] });
  apply({ online: ['eve'] });
  apply({ last: ['ann', 'dan'] });
  expect(changes).toEqual(['online ann', 'online bob', 'online eve', 'offline bob', 'online dan']);
  expect(view.list()).toEqual(['ann', 'eve', 'dan']);
  apply({ last: [] });
  expect(view.list()).toHaveLength(3);
});

test('public data come with an identity, and others are a change', () => {
  const { view, changes, apply } = createView();
  apply({ online: ['ann', '__proto__'], data: { ann: { age: 7 } } });
  expect([view.dataOf('ann'), view.dataOf('__proto__')]).toEqual(['{"age":7}', undefined]);
  apply({ online: ['ann'], data: { ann: { age: 7 } } });
  apply({ online: ['ann'], data: { ann: null } });
  expect(view.dataOf('ann')).toBe('null');
  view.startList();
  apply({ part: ['ann'], data: { ann: 1 } });
  apply({ online: ['ann'], data: { ann: 2 } });
  apply({ last: [] });
  expect(view.dataOf('ann')).toBe('2');
  expect(changes).toEqual([
    'online ann',
    'online __proto__',
    'renewed ann',
    'renewed ann',
    'offline __proto__',
  ]);
});

test('a list that was cut off is forgotten (fault 89)', () => {
  const { view, apply } = createView();
  view.startList();
  apply({ part: ['of before'] });
  view.startList();
  apply({ part: ['ann'] });
  apply({ last: [] });
  expect(view.list()).toEqual(['ann']);
});

test('however changes mix with the parts of a list, the view ends up right (fault 89)', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seededRandom(seed);
    const pick = (count: number) => Math.floor(random() * count);
    const { view, changes, apply } = createView();
    const truth = new Set<string>();
    const change = (isHeard: boolean) => {
      const id = `user ${pick(40)}`;
      if (truth.delete(id)) {
        if (isHeard) apply({ offline: [id] });
      } else {
        truth.add(id);
        if (isHeard) apply({ online: [id] });
      }
    };
    for (let n = 0; n < 30; n++) change(true);
    // The link is lost, and changes are missed.
    for (let n = 0; n < 30; n++) change(false);
    view.startList();
    // Redis lists by bucket, in any order, some twice.
    for (let bucket = 0; bucket < 40; bucket += 4) {
      const ids = [...truth].filter((id) => {
        const at = Number(id.slice(5));
        return (at >= bucket && at < bucket + 4) || random() < 0.05;
      });
      apply(bucket === 36 ? { last: ids } : { part: ids });
      for (let n = pick(4); n > 0; n--) change(true);
    }
    expect(new Set(view.list()), `seed ${seed}`).toEqual(truth);
    const count = new Map<string, number>();
    for (const told of changes) {
      const [word, id = ''] = told.split(' user ');
      const next = (count.get(id) ?? 0) + (word === 'online' ? 1 : -1);
      expect([0, 1], `seed ${seed}`).toContain(next);
      count.set(id, next);
    }
  }
});
