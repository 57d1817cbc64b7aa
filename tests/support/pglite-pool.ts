import { PGlite } from '@electric-sql/pglite';
import type { Pool } from 'pg';

/** A pool of `pg` whose database is a Postgres in this process. It has one client, which is lent to one after the other. */
export function pglitePool(database: PGlite): Pool {
  let last: Promise<void> = Promise.resolve();
  const connect = async () => {
    const before = last;
    let release = () => {};
    last = new Promise((resolve) => (release = resolve));
    await before;
    return { query: database.query.bind(database), release };
  };
  return { connect } as unknown as Pool;
}
