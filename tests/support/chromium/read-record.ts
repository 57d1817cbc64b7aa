import type { Status } from '../../../src/core.ts';
import type { Details, Entry } from './record.ts';

/** What can be asked about what has happened in a page. */
export interface RecordReader {
  /** Everything that has happened in the page, in order. */
  record(): Promise<readonly Entry[]>;
  /** The details of the recorded entries of one kind. */
  recorded<What extends keyof Details>(what: What): Promise<Details[What][]>;
  /** The times of the recorded entries of one kind, in milliseconds since the epoch. */
  when(what: keyof Details): Promise<number[]>;
  /** The statuses of the connection in order, each different from the one before. */
  statuses(): Promise<Status[]>;
  /** Milliseconds from the last such event of the page to the last loss of a link. */
  lostAfter(event: string): Promise<number>;
}

/** Makes a {@link RecordReader} of what gets the record. */
export function readRecord(record: () => Promise<readonly Entry[]>): RecordReader {
  const recorded = async <What extends keyof Details>(what: What) =>
    (await record()).flatMap((entry) =>
      entry.what === what ? [entry.detail as Details[What]] : [],
    );
  return {
    record,
    recorded,
    async when(wanted) {
      return (await record()).flatMap(({ at, what }) => (what === wanted ? [at] : []));
    },
    async statuses() {
      const all = (await recorded('snapshot')).map(({ status }) => status);
      return all.filter((status, index) => status !== all[index - 1]);
    },
    async lostAfter(event) {
      const entries = await record();
      const from = entries.findLast(({ detail }) => detail === event)?.at;
      const to = entries.findLast(({ what }) => what === 'close')?.at;
      return Number(to) - Number(from);
    },
  };
}
