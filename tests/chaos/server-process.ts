import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { bundleFiles } from '../support/bundle.mjs';
import type { FromServer, Records, ServerStart, ToServer } from './words.ts';

/** A server that can be killed, stopped and started again. */
export class ServerProcess {
  port = 0;
  /** How it has ended, if nobody has killed it. */
  readonly faults: string[] = [];
  readonly #file: string;
  readonly #start: ServerStart;
  readonly #said: (text: string) => void;
  #child: ChildProcess | null = null;
  #records: (records: Records) => void = () => {};

  /** @param said - Called with each message that is recorded. */
  constructor(file: string, start: ServerStart, said: (text: string) => void) {
    this.#file = file;
    this.#start = start;
    this.#said = said;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async starts(): Promise<void> {
    const child = fork(this.#file, [JSON.stringify(this.#start)]);
    await new Promise<void>((resolve) => {
      child.on('message', (words: FromServer) => {
        if ('said' in words) return this.#said(words.said);
        if ('records' in words) return this.#records(words.records);
        this.port = words.port;
        resolve();
      });
    });
    this.#child = child;
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.faults.push(`A server has ended: ${signal ?? code}.`);
    });
  }

  /** @returns Whether the message may be recorded. */
  says(topic: string, text: string): boolean {
    return this.#tell({ say: [topic, text] });
  }

  /** What its handlers have written down. */
  records(): Promise<Records> {
    return new Promise((resolve) => {
      this.#records = resolve;
      this.#tell({ report: true });
    });
  }

  stops(): void {
    this.#child?.kill('SIGSTOP');
  }

  goesOn(): void {
    this.#child?.kill('SIGCONT');
  }

  async dies(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  #tell(words: ToServer): boolean {
    const child = this.#child;
    if (!child?.connected) return false;
    child.send(words, () => {}); // it may have been killed meanwhile
    return true;
  }
}

/** Bundles the program of a server, and returns its path. */
export async function bundleServer(): Promise<string> {
  const folder = await bundleFiles('chaos', [new URL('server.ts', import.meta.url).pathname]);
  return `${folder}/server.mjs`;
}
