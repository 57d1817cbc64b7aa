import { asPublished } from './as-published.ts';

/** Story parameters: the code that a story shows, and the file of the story itself. */
export function showExample(code: string, file: string) {
  const published = asPublished(code);
  return {
    example: { code: published, file } satisfies Example,
    docs: { source: { code: published, language: 'tsx' } },
  };
}

/** Code that runs when it is pasted into an app. */
export interface Example {
  readonly code: string;
  /** The file of the story, in the folder stories/. */
  readonly file: string;
}
