import { asPublished } from './as-published.ts';

const WHERE =
  "// Imports from 'parts', 'server' and 'ui' are in the folder stories/ of the repository.";

/** Story parameters: the docs page shows this file with the imports of an app. */
export function showSource(file: string) {
  const code = `${WHERE}\n${asPublished(file)}`;
  return { docs: { source: { code, language: 'tsx' }, canvas: { sourceState: 'shown' } } };
}
