import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Functions that a process offers, with one argument each. Results are plain data. */
export type Jobs = Record<string, (argument: never) => unknown>;

/** A child process that runs such functions. */
export interface Worker<Does extends Jobs> {
  ask<Name extends keyof Does & string>(
    name: Name,
    ...argument: Parameters<Does[Name]>
  ): Promise<Awaited<ReturnType<Does[Name]>>>;
  end(): void;
}

/** In the child process: runs the functions until the parent disconnects. */
export function serve(jobs: Jobs): void {
  process.on('message', async ([name, argument]: [string, never]) => {
    process.send?.([await jobs[name]?.(argument)]);
  });
  process.once('disconnect', () => process.exit());
}

/** Starts a child process. Calls must come one after another. */
export function startWorker<Does extends Jobs>(
  file: string,
  execArgv: string[],
  args: string[] = [],
): Worker<Does> {
  const child: ChildProcess = fork(file, args, { execArgv });
  child.once('exit', (code, signal) => {
    if (code !== 0) throw new Error(`${file} has ended: ${signal ?? code}.`);
  });
  return {
    async ask(name, ...[argument]) {
      child.send([name, argument]);
      const [[result]] = await once(child, 'message');
      return result;
    },
    end: () => child.disconnect(),
  };
}
