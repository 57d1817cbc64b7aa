/** The code of docs/delivery.md, which keeps the number of a message in the transaction of its effect. */
import { PGlite } from '@electric-sql/pglite';
import { addNote } from 'delivery.md/notes.ts';
import { expect, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { confirmed } from '../../../src/delivery.ts';
import { Later, memorySessions } from '../../../src/server.ts';
import { blocksOf, read } from '../../support/papers.ts';
import { pglitePool } from '../../support/pglite-pool.ts';
import { seededRandom } from '../../support/random.ts';
import { connectWith, SOON } from '../../support/recorded-connection.ts';
import { byPath, test } from '../fixtures.ts';

const connect = connectWith(WebSocket);

// A Postgres takes seconds to begin on a busy machine.
const patient = { timeout: 60_000 };

test(
  'an effect happens once, although its handler runs again after it has happened',
  patient,
  async ({ start }) => {
    const database = new PGlite();
    onTestFinished(() => database.close());
    const [schema = ''] = blocksOf(read('docs/delivery.md')).flatMap(
      (block) => /^```sql\n(.*)^```/ms.exec(block)?.[1] ?? [],
    );
    await database.exec(schema);
    const pool = pglitePool(database);
    const random = seededRandom(3);
    const { server, url, errors } = await start({
      authenticate: byPath,
      sessions: memorySessions(),
    });
    let runs = 0;
    server.on('message', async (client, message, id) => {
      runs++;
      await addNote(pool, client.id, String(message), id);
      // As if the server had been killed: the effect has happened, and nothing was taken.
      if (random() < 0.3) throw new Later();
    });

    const failed: unknown[] = [];
    const connection = connect({
      url: `${url}/ada`,
      delivery: confirmed(),
      reconnect: SOON,
      onFailed: (message, reason) => failed.push([message, reason]),
    });
    const texts = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
    for (const text of [...texts, '', 'nine']) connection.send(text);
    await vi.waitUntil(() => connection.outbox.length === 0, { timeout: 20_000 });

    expect(runs).toBeGreaterThan(texts.length + 2);
    const { rows } = await database.query('SELECT author, text FROM notes ORDER BY id');
    expect(rows).toEqual([...texts, 'nine'].map((text) => ({ author: 'ada', text })));
    // An effect that is refused leaves no trace of its number.
    expect(failed).toEqual([['', null]]);
    expect(errors.map(String)).toEqual([expect.stringContaining('notes_text_check')]);
    const handled = await database.query('SELECT number FROM handled ORDER BY number');
    expect(handled.rows.map((row) => Object.values(row as object))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 10].map((number) => [number]),
    );
  },
);
