import { asPublished } from './as-published.ts';

const WHERE =
  "// What comes from 'parts', 'server' and 'ui' is in the folder stories/ of the repository.";

/** Parameters that let the docs page show the file that a story is about, as an app would have it. */
export function showSource(file: string) {
  const code = `${WHERE}\n${asPublished(file)}`;
  return { docs: { source: { code, language: 'tsx' }, canvas: { sourceState: 'shown' } } };
}
