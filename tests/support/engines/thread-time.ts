import { readdirSync, readFileSync } from 'node:fs';

/** The processes in which Chromium, Firefox and WebKitGTK run pages. */
const PAGES = /--type=renderer|-contentproc.*\btab\b|WebKitWebProcess/;

const NANOSECONDS = 1_000_000;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended
  }
}

function parentOf(process: number): number {
  // The name is in brackets and may have spaces: "12 (Web Content) S 7".
  const [, parent] = /\) \S (\d+)/.exec(read(`/proc/${process}/stat`)) ?? [];
  return Number(parent ?? 0);
}

function isBelow(process: number, ancestor: number): boolean {
  if (process === ancestor) return true;
  return process > 1 && isBelow(parentOf(process), ancestor);
}

/**
 * How long the main threads of all pages that this process has opened have run on a processor so far, in milliseconds, by the
 * id of their process. Linux counts it, so other programs do not change it.
 */
export function threadTimes(): Map<number, number> {
  const pages = readdirSync('/proc')
    .map(Number)
    .filter((id) => id > 0 && PAGES.test(read(`/proc/${id}/cmdline`).replaceAll('\0', ' ')))
    .filter((id) => isBelow(id, process.pid));
  return new Map(
    pages.map((id) => [
      id,
      Number(read(`/proc/${id}/task/${id}/schedstat`).split(' ')[0]) / NANOSECONDS,
    ]),
  );
}
