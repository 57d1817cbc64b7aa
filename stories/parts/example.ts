import { asPublished } from './as-published.ts';

/** Story parameters: the code that a story shows, and the file of the story itself. */
export function showExample(code: string, file: string) {
  const published = asPublished(code);
  return {
    example: { code: published, file },
    docs: { source: { code: published, language: 'tsx' } },
  };
}
