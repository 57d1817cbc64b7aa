import imported from 'react-use-websocket';

export { ReadyState } from 'react-use-websocket';

/** It is CommonJS: Vite takes the whole module for its default export. */
export default (imported as { readonly default?: typeof imported }).default ?? imported;
