import type { Connection } from '../../core/connection.ts';

/** Functions of React and of engines whose names look like those of components. */
const NOT_COMPONENTS = new Set(['Array', 'Error', 'Map', 'Object', 'Promise', 'Set']);

/** Returns the stack. V8 keeps ten lines of it by default, and React has more between a hook and its component. */
function longStack(): string {
  const limited = Error as { stackTraceLimit?: number | undefined };
  const { stackTraceLimit: before } = limited;
  limited.stackTraceLimit = 50;
  const { stack = '' } = new Error();
  limited.stackTraceLimit = before;
  return stack;
}

/** Returns the name of the innermost component that renders, as the stack tells it; undefined outside of a render. */
export function componentOf(stack: string = longStack()): string | undefined {
  for (const line of stack.split('\n')) {
    // `at Chat (url)` of V8, `Chat@url` of the others.
    const name = /^\s*at (?:new )?([\w$]+) \(|^([\w$]+)@/.exec(line);
    const found = name?.[1] ?? name?.[2];
    if (found && /^[A-Z]/.test(found) && !NOT_COMPONENTS.has(found)) return found;
  }
  return undefined;
}

/** Returns where the function was called that has called this one: its name and its place, without the origin. */
function callerOf(stack: string): string | undefined {
  // In Node, the line that runs microtasks ends a stack.
  const lines = stack.split('\n').filter((line) => /^(?!.*\(node:).*:\d+:\d+\)?$/.test(line));
  // This module comes first. A hook holds the connection in a microtask, where nothing else follows.
  const line = lines.length > 2 && lines[1];
  if (!line) return undefined;
  const [, name = '', place = ''] =
    /^\s*(?:at )?(?:async )?([^\s(@]*)[\s(@]*(?:\w+:\/\/[^/]*)?([^\s()]*):\d+\)?$/.exec(line) ?? [];
  return [name, place.replace(/\?[^:]*/, '')].filter(Boolean).join(' ');
}

/** Keeps the holders of a connection by name. */
export function nameHolders(
  connection: Connection,
  owner: string | undefined,
): () => readonly string[] {
  const holders = new Set<{ readonly name: string }>();
  const { retain } = connection;
  connection.retain = () => {
    const holder = { name: holderOf(new Error().stack ?? '', owner) };
    holders.add(holder);
    const release = retain();
    return () => {
      holders.delete(holder);
      release();
    };
  };
  return () => Array.from(holders, ({ name }) => name);
}

const holderOf = (stack: string, owner: string | undefined) =>
  componentOf(stack) ?? callerOf(stack) ?? owner ?? 'a component';
