import imported from 'react-use-websocket';

export { ReadyState } from 'react-use-websocket';

const { warn } = console;
let hasWarned = false;
/**
 * After its timeout it warns at every check, ten times a second, until the browser gives up closing a dead socket: about 600
 * times in a race. Once a page is enough; nothing else of it is changed.
 */
console.warn = (...words: unknown[]) => {
  const isTimeout = String(words[0]).startsWith('Heartbeat timed out');
  if (isTimeout && hasWarned) return;
  hasWarned ||= isTimeout;
  warn(...words);
};

/** It is CommonJS: Vite takes the whole module for its default export. */
export default (imported as { readonly default?: typeof imported }).default ?? imported;
