import { type ChildProcess, type SpawnOptions, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';

/** A program that ends with this process, however that ends: its shell waits for the end of a pipe, and kills it then. */
export interface Program {
  readonly child: ChildProcess;
  stops(): Promise<void>;
}

// The outputs end with the program, so the shell must not have them.
const SHELL = '"$@" & exec >&- 2>&- 3>&-; read -r _; kill $!; wait $!';

/** Starts a program. `outputs` are its file descriptors from 1 on. */
export function startProgram(
  command: string,
  args: readonly string[],
  outputs: Exclude<StdioOptions, string>,
  options: SpawnOptions = {},
): Program {
  const child = spawn('sh', ['-c', SHELL, 'sh', command, ...args], {
    ...options,
    stdio: ['pipe', ...outputs],
  });
  const ended = once(child, 'exit');
  return {
    child,
    async stops() {
      child.stdin?.end();
      await ended;
    },
  };
}
